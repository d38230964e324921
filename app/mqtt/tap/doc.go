// Package tap stands between a socket and an MQTT client library. It sees
// every packet ("frame" here: fixed header and all that belongs to it), and
//
//   - drains the socket ahead of the library, so that a slow library does not
//     make the broker drop messages;
//   - refuses a packet above a size cap before any memory is taken for it;
//   - decodes QoS 0 PUBLISH packets itself, which the libraries do too slowly,
//     and hands them to a Sink in batches;
//   - joins the pieces in which a library writes a packet into one write;
//   - counts frames and bytes, and remembers the broker's answer to CONNECT.
//
// A Conn owns one goroutine, the pump, from Wrap to Close.
package tap
