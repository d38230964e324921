package wire

// kind is the data type of a property (MQTT 5.0 §2.2.2.2).
type kind byte

const (
	kindByte kind = iota + 1
	kindShort
	kindLong
	kindVarint
	kindText
	kindBinary
	kindPair
)

// bound is the range of a property's value.
type bound byte

const (
	boundNone    bound = iota
	boundBool          // 0 or 1
	boundNonZero       // anything but 0
	boundAlias         // anything but 0 [MQTT-3.3.2-8]
	boundTopic         // a topic name [MQTT-3.3.2-14]
)

// holders are the packets that may carry a property: bit n is the packet of
// type n.
type holders uint16

// inWill is the bit of a will's properties: no packet has type 0.
const inWill Type = 0

func in(types ...Type) holders {
	var h holders
	for _, t := range types {
		h |= 1 << t
	}
	return h
}

// propertyInfo is what MQTT 5.0 table 2-4 and the property's sections
// (propertyBlocks) say.
type propertyInfo struct {
	name  string // stable, for the dissector
	kind  kind
	bound bound
	in    holders
}

const (
	maxProperty     = 0x2A
	propertyUnknown = "property/unknown"
)

// propertyTable is indexed by PropertyID; a zero kind is no property.
var propertyTable = [maxProperty + 1]propertyInfo{
	PayloadFormat:       {"property/payload_format", kindByte, boundBool, in(PUBLISH, inWill)},
	MessageExpiry:       {"property/message_expiry", kindLong, boundNone, in(PUBLISH, inWill)},
	ContentType:         {"property/content_type", kindText, boundNone, in(PUBLISH, inWill)},
	ResponseTopic:       {"property/response_topic", kindText, boundTopic, in(PUBLISH, inWill)},
	CorrelationData:     {"property/correlation_data", kindBinary, boundNone, in(PUBLISH, inWill)},
	SubscriptionID:      {"property/subscription_identifier", kindVarint, boundNonZero, in(PUBLISH, SUBSCRIBE)},
	SessionExpiry:       {"property/session_expiry", kindLong, boundNone, in(CONNECT, CONNACK, DISCONNECT)},
	AssignedClientID:    {"property/assigned_client_id", kindText, boundNone, in(CONNACK)},
	ServerKeepAlive:     {"property/server_keep_alive", kindShort, boundNone, in(CONNACK)},
	AuthMethod:          {"property/auth_method", kindText, boundNone, in(CONNECT, CONNACK, AUTH)},
	AuthData:            {"property/auth_data", kindBinary, boundNone, in(CONNECT, CONNACK, AUTH)},
	RequestProblemInfo:  {"property/request_problem_information", kindByte, boundBool, in(CONNECT)},
	WillDelay:           {"property/will_delay", kindLong, boundNone, in(inWill)},
	RequestResponseInfo: {"property/request_response_information", kindByte, boundBool, in(CONNECT)},
	ResponseInfo:        {"property/response_information", kindText, boundNone, in(CONNACK)},
	ServerReference:     {"property/server_reference", kindText, boundNone, in(CONNACK, DISCONNECT)},
	ReasonString: {"property/reason_string", kindText, boundNone, in(CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP,
		SUBACK, UNSUBACK, DISCONNECT, AUTH)},
	ReceiveMaximum:    {"property/receive_maximum", kindShort, boundNonZero, in(CONNECT, CONNACK)},
	TopicAliasMaximum: {"property/topic_alias_maximum", kindShort, boundNone, in(CONNECT, CONNACK)},
	TopicAlias:        {"property/topic_alias", kindShort, boundAlias, in(PUBLISH)},
	MaximumQoS:        {"property/maximum_qos", kindByte, boundBool, in(CONNACK)},
	RetainAvailable:   {"property/retain_available", kindByte, boundBool, in(CONNACK)},
	UserProperty: {"property/user_property", kindPair, boundNone, in(inWill, CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP,
		SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, DISCONNECT, AUTH)},
	MaximumPacketSize:       {"property/maximum_packet_size", kindLong, boundNonZero, in(CONNECT, CONNACK)},
	WildcardAvailable:       {"property/wildcard_available", kindByte, boundBool, in(CONNACK)},
	SubscriptionIDAvailable: {"property/subscription_identifiers_available", kindByte, boundBool, in(CONNACK)},
	SharedAvailable:         {"property/shared_available", kindByte, boundBool, in(CONNACK)},
}

// propertyOf returns the table's line for id, nil when there is none.
func propertyOf(id int) *propertyInfo {
	if id > maxProperty || propertyTable[id].kind == 0 {
		return nil
	}
	return &propertyTable[id]
}
