package codec

import (
	"fmt"
	"slices"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// oracle is another codec.
type oracle struct {
	name     string
	versions []app.Version
	// decode reads one packet. encode writes it again; it is nil when the
	// library is no oracle for what it writes.
	decode func(v app.Version, from wire.Direction, frame []byte) (p wire.Packet, encode func() ([]byte, error), err error)
}

func oracles() []oracle {
	return []oracle{paho3(), paho5(), mochi()}
}

func (o oracle) knows(v app.Version) bool { return slices.Contains(o.versions, v) }

// read is decode, where a panic is an error.
func (o oracle) read(v app.Version, from wire.Direction, frame []byte) (p wire.Packet, encode func() ([]byte, error), err error) {
	defer func() {
		if r := recover(); r != nil {
			p, encode, err = nil, nil, fmt.Errorf("panic: %v", r)
		}
	}()
	return o.decode(v, from, slices.Clone(frame))
}

// facts writes down what a packet means, so that packets of different origin
// can be compared: a property that is 0 or empty is as good as none, because
// not every library tells them apart.
func facts(p wire.Packet) string {
	var secrets string
	see := func(props *wire.Properties) {
		secrets += props.AuthData.Reveal()
		if len(props.CorrelationData) == 0 {
			props.CorrelationData = nil
		}
		props.Set = 0
	}
	switch p := p.(type) {
	case *wire.Connect:
		secrets = p.Password.Reveal()
		see(&p.Properties)
		see(&p.Will.Properties)
	case *wire.ConnAck:
		see(&p.Properties)
	case *wire.Publish:
		see(&p.Properties)
	case *wire.PubAck:
		see(&p.Properties)
	case *wire.PubRec:
		see(&p.Properties)
	case *wire.PubRel:
		see(&p.Properties)
	case *wire.PubComp:
		see(&p.Properties)
	case *wire.Subscribe:
		see(&p.Properties)
	case *wire.SubAck:
		see(&p.Properties)
	case *wire.Unsubscribe:
		see(&p.Properties)
	case *wire.UnsubAck:
		see(&p.Properties)
	case *wire.Disconnect:
		see(&p.Properties)
	case *wire.Auth:
		see(&p.Properties)
	}
	return fmt.Sprintf("%T %+v secrets %q", p, p, secrets)
}

// connReason is the reason of a CONNACK: 3.x has codes of its own.
func connReason(v app.Version, code byte) app.ReasonCode {
	if v == app.V5 {
		return app.ReasonCode(code)
	}
	return app.ConnectReturn3(code)
}
