package codec

import (
	"bytes"
	"errors"

	"github.com/eclipse/paho.golang/packets"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

var (
	errTrailing = errors.New("bytes behind the packet")
	errType     = errors.New("packet of a type nobody knows")
)

func paho5() oracle {
	return oracle{name: "paho.golang", versions: []app.Version{app.V5},
		decode: func(_ app.Version, _ wire.Direction, frame []byte) (wire.Packet, func() ([]byte, error), error) {
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
				_, err := p.WriteTo(&b)
				return b.Bytes(), err
			}
			q, err := fromPaho5(p)
			return q, encode, err
		}}
}

func fromPaho5(p *packets.ControlPacket) (wire.Packet, error) {
	switch p := p.Content.(type) {
	case *packets.Connect:
		if p.ProtocolName != "MQTT" || p.ProtocolVersion != 5 {
			return nil, errors.New("another protocol than MQTT 5")
		}
		return connect5(p), nil
	case *packets.Connack:
		return &wire.ConnAck{SessionPresent: p.SessionPresent, Reason: app.ReasonCode(p.ReasonCode), Properties: props5(p.Properties)}, nil
	case *packets.Publish:
		return &wire.Publish{Dup: p.Duplicate, QoS: app.QoS(p.QoS), Retain: p.Retain, Topic: p.Topic, ID: p.PacketID, Payload: p.Payload,
			Properties: props5(p.Properties)}, nil
	case *packets.Puback:
		return &wire.PubAck{Ack: ack5(p.PacketID, p.ReasonCode, p.Properties)}, nil
	case *packets.Pubrec:
		return &wire.PubRec{Ack: ack5(p.PacketID, p.ReasonCode, p.Properties)}, nil
	case *packets.Pubrel:
		return &wire.PubRel{Ack: ack5(p.PacketID, p.ReasonCode, p.Properties)}, nil
	case *packets.Pubcomp:
		return &wire.PubComp{Ack: ack5(p.PacketID, p.ReasonCode, p.Properties)}, nil
	case *packets.Subscribe:
		q := &wire.Subscribe{ID: p.PacketID, Properties: props5(p.Properties)}
		for _, s := range p.Subscriptions {
			q.Filters = append(q.Filters, app.Subscription{Filter: s.Topic, QoS: app.QoS(s.QoS), NoLocal: s.NoLocal,
				RetainAsPublished: s.RetainAsPublished, RetainHandling: s.RetainHandling})
		}
		return q, nil
	case *packets.Suback:
		return &wire.SubAck{ID: p.PacketID, Reasons: p.Reasons, Properties: props5(p.Properties)}, nil
	case *packets.Unsubscribe:
		return &wire.Unsubscribe{ID: p.PacketID, Filters: p.Topics, Properties: props5(p.Properties)}, nil
	case *packets.Unsuback:
		return &wire.UnsubAck{ID: p.PacketID, Reasons: p.Reasons, Properties: props5(p.Properties)}, nil
	case *packets.Pingreq:
		return &wire.PingReq{}, nil
	case *packets.Pingresp:
		return &wire.PingResp{}, nil
	case *packets.Disconnect:
		return &wire.Disconnect{Reason: app.ReasonCode(p.ReasonCode), Properties: props5(p.Properties)}, nil
	case *packets.Auth:
		return &wire.Auth{Reason: app.ReasonCode(p.ReasonCode), Properties: props5(p.Properties)}, nil
	}
	return nil, errType
}

func ack5(id uint16, reason byte, p *packets.Properties) wire.Ack {
	return wire.Ack{ID: id, Reason: app.ReasonCode(reason), Properties: props5(p)}
}

func connect5(p *packets.Connect) *wire.Connect {
	q := &wire.Connect{Version: app.Version(p.ProtocolVersion), Clean: p.CleanStart, KeepAlive: p.KeepAlive, ClientID: p.ClientID,
		Properties: props5(p.Properties), HasWill: p.WillFlag, HasUser: p.UsernameFlag, User: p.Username,
		HasPassword: p.PasswordFlag, Password: app.Secret(p.Password)}
	if p.WillFlag {
		q.Will = wire.Will{Topic: p.WillTopic, Payload: p.WillMessage, QoS: app.QoS(p.WillQOS), Retain: p.WillRetain, Properties: props5(p.WillProperties)}
	}
	return q
}

// value is what p points at, or zero.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func props5(p *packets.Properties) (q wire.Properties) {
	if p == nil {
		return q
	}
	q = wire.Properties{
		PayloadFormat: value(p.PayloadFormat), MessageExpiry: value(p.MessageExpiry), ContentType: p.ContentType,
		ResponseTopic: p.ResponseTopic, CorrelationData: p.CorrelationData, SessionExpiry: value(p.SessionExpiryInterval),
		AssignedClientID: p.AssignedClientID, ServerKeepAlive: value(p.ServerKeepAlive), AuthMethod: p.AuthMethod,
		AuthData: app.Secret(p.AuthData), RequestProblemInfo: value(p.RequestProblemInfo), WillDelay: value(p.WillDelayInterval),
		RequestResponseInfo: value(p.RequestResponseInfo), ResponseInfo: p.ResponseInfo, ServerReference: p.ServerReference,
		ReasonString: p.ReasonString, ReceiveMaximum: value(p.ReceiveMaximum), TopicAliasMaximum: value(p.TopicAliasMaximum),
		TopicAlias: value(p.TopicAlias), MaximumQoS: value(p.MaximumQOS), RetainAvailable: value(p.RetainAvailable),
		MaximumPacketSize: value(p.MaximumPacketSize), WildcardAvailable: value(p.WildcardSubAvailable),
		SubscriptionIDAvailable: value(p.SubIDAvailable), SharedAvailable: value(p.SharedSubAvailable),
	}
	if p.SubscriptionIdentifier != nil {
		q.SubscriptionIDs = []uint32{uint32(*p.SubscriptionIdentifier)}
	}
	for _, u := range p.User {
		q.User = append(q.User, app.UserProperty{Name: u.Key, Value: u.Value})
	}
	return q
}
