// Package mqttx reads the connections that MQTTX exports, as JSON or YAML.
//
// MQTTX keeps certificates as paths, the groups of its list nowhere in the
// export, and every message beside its connection; messages stay behind.
package mqttx
