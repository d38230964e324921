package codec

import (
	"bytes"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

func paho3() oracle {
	return oracle{name: "paho.mqtt.golang", versions: []app.Version{app.V31, app.V311},
		decode: func(v app.Version, _ wire.Direction, frame []byte) (wire.Packet, func() ([]byte, error), error) {
			r := bytes.NewReader(frame)
			p, err := packets.ReadPacket(r)
			if err != nil {
				return nil, nil, err
			}
			if r.Len() > 0 {
				return nil, nil, errTrailing
			}
			encode := func() ([]byte, error) {
				var b bytes.Buffer
				err := p.Write(&b)
				return b.Bytes(), err
			}
			q, err := fromPaho3(v, p)
			return q, encode, err
		}}
}

func fromPaho3(v app.Version, p packets.ControlPacket) (wire.Packet, error) {
	switch p := p.(type) {
	case *packets.ConnectPacket:
		if c := p.Validate(); c != packets.Accepted {
			return nil, packets.ConnErrors[c]
		}
		return connect3(p), nil
	case *packets.ConnackPacket:
		return &wire.ConnAck{SessionPresent: p.SessionPresent, Reason: connReason(v, p.ReturnCode)}, nil
	case *packets.PublishPacket:
		return &wire.Publish{Dup: p.Dup, QoS: app.QoS(p.Qos), Retain: p.Retain, Topic: p.TopicName, ID: p.MessageID, Payload: p.Payload}, nil
	case *packets.PubackPacket:
		return &wire.PubAck{Ack: wire.Ack{ID: p.MessageID}}, nil
	case *packets.PubrecPacket:
		return &wire.PubRec{Ack: wire.Ack{ID: p.MessageID}}, nil
	case *packets.PubrelPacket:
		return &wire.PubRel{Ack: wire.Ack{ID: p.MessageID}, Dup: p.Dup}, nil
	case *packets.PubcompPacket:
		return &wire.PubComp{Ack: wire.Ack{ID: p.MessageID}}, nil
	case *packets.SubscribePacket:
		q := &wire.Subscribe{ID: p.MessageID, Dup: p.Dup}
		for i, f := range p.Topics {
			q.Filters = append(q.Filters, app.Subscription{Filter: f, QoS: app.QoS(p.Qoss[i])})
		}
		return q, nil
	case *packets.SubackPacket:
		return &wire.SubAck{ID: p.MessageID, Reasons: p.ReturnCodes}, nil
	case *packets.UnsubscribePacket:
		return &wire.Unsubscribe{ID: p.MessageID, Dup: p.Dup, Filters: p.Topics}, nil
	case *packets.UnsubackPacket:
		return &wire.UnsubAck{ID: p.MessageID}, nil
	case *packets.PingreqPacket:
		return &wire.PingReq{}, nil
	case *packets.PingrespPacket:
		return &wire.PingResp{}, nil
	case *packets.DisconnectPacket:
		return &wire.Disconnect{}, nil
	}
	return nil, errType
}

func connect3(p *packets.ConnectPacket) *wire.Connect {
	q := &wire.Connect{Version: app.Version(p.ProtocolVersion), Clean: p.CleanSession, KeepAlive: p.Keepalive, ClientID: p.ClientIdentifier,
		HasWill: p.WillFlag, HasUser: p.UsernameFlag, User: p.Username, HasPassword: p.PasswordFlag, Password: app.Secret(p.Password)}
	if p.WillFlag {
		q.Will = wire.Will{Topic: p.WillTopic, Payload: p.WillMessage, QoS: app.QoS(p.WillQos), Retain: p.WillRetain}
	}
	return q
}
