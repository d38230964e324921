package codec

import (
	"bytes"
	"errors"

	"github.com/mochi-mqtt/server/v2/packets"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

func mochi() oracle {
	return oracle{name: "mochi", versions: []app.Version{app.V31, app.V311, app.V5}, decode: decodeMochi}
}

// decodeMochi reads a packet as mochi's server does: header, body, then what
// it validates.
func decodeMochi(v app.Version, from wire.Direction, frame []byte) (wire.Packet, func() ([]byte, error), error) {
	r := bytes.NewReader(frame)
	first, err := r.ReadByte()
	if err != nil {
		return nil, nil, err
	}
	pk := &packets.Packet{ProtocolVersion: byte(v)}
	if err := pk.FixedHeader.Decode(first); err != nil {
		return nil, nil, err
	}
	n, _, err := packets.DecodeLength(r)
	if err != nil {
		return nil, nil, err
	}
	if n != r.Len() {
		return nil, nil, errTrailing
	}
	pk.FixedHeader.Remaining = n
	if err := bodyMochi(pk, frame[len(frame)-n:]); err != nil {
		return nil, nil, err
	}
	if c := validMochi(pk, from); c.Code >= packets.ErrUnspecifiedError.Code {
		return nil, nil, c
	}
	p, err := fromMochi(v, pk)
	return p, nil, err
}

func bodyMochi(pk *packets.Packet, b []byte) error {
	decode := map[byte]func([]byte) error{
		packets.Connect: pk.ConnectDecode, packets.Connack: pk.ConnackDecode, packets.Publish: pk.PublishDecode,
		packets.Puback: pk.PubackDecode, packets.Pubrec: pk.PubrecDecode, packets.Pubrel: pk.PubrelDecode, packets.Pubcomp: pk.PubcompDecode,
		packets.Subscribe: pk.SubscribeDecode, packets.Suback: pk.SubackDecode,
		packets.Unsubscribe: pk.UnsubscribeDecode, packets.Unsuback: pk.UnsubackDecode,
		packets.Pingreq: pk.PingreqDecode, packets.Pingresp: pk.PingrespDecode,
		packets.Disconnect: pk.DisconnectDecode, packets.Auth: pk.AuthDecode,
	}[pk.FixedHeader.Type]
	if decode == nil {
		return errType
	}
	return decode(b)
}

func validMochi(pk *packets.Packet, from wire.Direction) packets.Code {
	switch pk.FixedHeader.Type {
	case packets.Connect:
		return pk.ConnectValidate()
	case packets.Publish:
		if from == wire.FromClient { // the server's checks of what it gets
			return pk.PublishValidate(65535)
		}
	case packets.Subscribe:
		return pk.SubscribeValidate()
	case packets.Unsubscribe:
		return pk.UnsubscribeValidate()
	case packets.Auth:
		return pk.AuthValidate()
	}
	if !pk.ReasonCodeValid() {
		return packets.ErrMalformedReasonCode
	}
	return packets.CodeSuccess
}

func fromMochi(v app.Version, pk *packets.Packet) (wire.Packet, error) {
	props := propsMochi(&pk.Properties)
	ack := wire.Ack{ID: pk.PacketID, Reason: app.ReasonCode(pk.ReasonCode), Properties: props}
	switch pk.FixedHeader.Type {
	case packets.Connect:
		return connectMochi(pk), nil
	case packets.Connack:
		return &wire.ConnAck{SessionPresent: pk.SessionPresent, Reason: connReason(v, pk.ReasonCode), Properties: props}, nil
	case packets.Publish:
		return &wire.Publish{Dup: pk.FixedHeader.Dup, QoS: app.QoS(pk.FixedHeader.Qos), Retain: pk.FixedHeader.Retain, Topic: pk.TopicName,
			ID: pk.PacketID, Properties: props, Payload: pk.Payload}, nil
	case packets.Puback:
		return &wire.PubAck{Ack: ack}, nil
	case packets.Pubrec:
		return &wire.PubRec{Ack: ack}, nil
	case packets.Pubrel:
		return &wire.PubRel{Ack: ack}, nil
	case packets.Pubcomp:
		return &wire.PubComp{Ack: ack}, nil
	case packets.Subscribe:
		q := &wire.Subscribe{ID: pk.PacketID, Properties: props}
		for _, s := range pk.Filters {
			q.Filters = append(q.Filters, app.Subscription{Filter: s.Filter, QoS: app.QoS(s.Qos), NoLocal: s.NoLocal,
				RetainAsPublished: s.RetainAsPublished, RetainHandling: s.RetainHandling})
		}
		return q, nil
	case packets.Suback:
		return &wire.SubAck{ID: pk.PacketID, Properties: props, Reasons: pk.ReasonCodes}, nil
	case packets.Unsubscribe:
		q := &wire.Unsubscribe{ID: pk.PacketID, Properties: props}
		for _, s := range pk.Filters {
			q.Filters = append(q.Filters, s.Filter)
		}
		return q, nil
	case packets.Unsuback:
		return &wire.UnsubAck{ID: pk.PacketID, Properties: props, Reasons: pk.ReasonCodes}, nil
	case packets.Pingreq:
		return &wire.PingReq{}, nil
	case packets.Pingresp:
		return &wire.PingResp{}, nil
	case packets.Disconnect:
		return &wire.Disconnect{Reason: ack.Reason, Properties: props}, nil
	case packets.Auth:
		return &wire.Auth{Reason: ack.Reason, Properties: props}, nil
	}
	return nil, errors.ErrUnsupported
}

func connectMochi(pk *packets.Packet) *wire.Connect {
	c := pk.Connect
	q := &wire.Connect{Version: app.Version(pk.ProtocolVersion), Clean: c.Clean, KeepAlive: c.Keepalive, ClientID: c.ClientIdentifier,
		Properties: propsMochi(&pk.Properties), HasWill: c.WillFlag, HasUser: c.UsernameFlag, User: string(c.Username),
		HasPassword: c.PasswordFlag, Password: app.Secret(c.Password)}
	if c.WillFlag {
		q.Will = wire.Will{Topic: c.WillTopic, Payload: c.WillPayload, QoS: app.QoS(c.WillQos), Retain: c.WillRetain,
			Properties: propsMochi(&c.WillProperties)}
	}
	return q
}

func propsMochi(p *packets.Properties) wire.Properties {
	q := wire.Properties{
		PayloadFormat: p.PayloadFormat, MessageExpiry: p.MessageExpiryInterval, ContentType: p.ContentType, ResponseTopic: p.ResponseTopic,
		CorrelationData: p.CorrelationData, SessionExpiry: p.SessionExpiryInterval, AssignedClientID: p.AssignedClientID,
		ServerKeepAlive: p.ServerKeepAlive, AuthMethod: p.AuthenticationMethod, AuthData: app.Secret(p.AuthenticationData),
		RequestProblemInfo: p.RequestProblemInfo, WillDelay: p.WillDelayInterval, RequestResponseInfo: p.RequestResponseInfo,
		ResponseInfo: p.ResponseInfo, ServerReference: p.ServerReference, ReasonString: p.ReasonString, ReceiveMaximum: p.ReceiveMaximum,
		TopicAliasMaximum: p.TopicAliasMaximum, TopicAlias: p.TopicAlias, MaximumQoS: p.MaximumQos, RetainAvailable: p.RetainAvailable,
		MaximumPacketSize: p.MaximumPacketSize, WildcardAvailable: p.WildcardSubAvailable, SubscriptionIDAvailable: p.SubIDAvailable,
		SharedAvailable: p.SharedSubAvailable,
	}
	for _, id := range p.SubscriptionIdentifier {
		q.SubscriptionIDs = append(q.SubscriptionIDs, uint32(id))
	}
	for _, u := range p.User {
		q.User = append(q.User, app.UserProperty{Name: u.Key, Value: u.Val})
	}
	return q
}
