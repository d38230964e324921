package link

import (
	"context"
	"net"
	"net/http"

	"tidings/app"
	"tidings/app/mqtt/websocket"
)

// upgrade makes a WebSocket of raw, and closes it when that fails.
func (d Dialer) upgrade(ctx context.Context, raw net.Conn, o app.ConnectOptions) (net.Conn, error) {
	path := app.RequestPath(o.Link.Path)
	header := http.Header{}
	for _, h := range o.Link.Headers {
		header.Add(h.Name, h.Value)
	}
	end := d.step(StageWebSocket, o.Address()+app.HideQuery(path))
	c, status, err := websocket.Client(ctx, raw, websocket.Request{Host: o.Address(), Path: path, Header: header})
	if err != nil {
		return nil, end(Step{Err: err, Status: status})
	}
	return c, end(Step{Status: status})
}
