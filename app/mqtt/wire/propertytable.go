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

// propertyInfo is what MQTT 5.0 table 2-4 and the sections it points to say.
type propertyInfo struct {
	name    string // stable, for the dissector
	kind    kind
	bound   bound
	in      holders
	section string // of MQTT 5.0; also says "at most once"
}

const (
	maxProperty     = 0x2A
	propertyUnknown = "property/unknown"
)

// propertyTable is indexed by PropertyID; a zero kind is no property.
var propertyTable = [maxProperty + 1]propertyInfo{
	PayloadFormat:       {"property/payload_format", kindByte, boundBool, in(PUBLISH, inWill), "MQTT 5.0 §3.3.2.3.2"},
	MessageExpiry:       {"property/message_expiry", kindLong, boundNone, in(PUBLISH, inWill), "MQTT 5.0 §3.3.2.3.3"},
	ContentType:         {"property/content_type", kindText, boundNone, in(PUBLISH, inWill), "MQTT 5.0 §3.3.2.3.9"},
	ResponseTopic:       {"property/response_topic", kindText, boundTopic, in(PUBLISH, inWill), "MQTT 5.0 §3.3.2.3.5"},
	CorrelationData:     {"property/correlation_data", kindBinary, boundNone, in(PUBLISH, inWill), "MQTT 5.0 §3.3.2.3.6"},
	SubscriptionID:      {"property/subscription_identifier", kindVarint, boundNonZero, in(PUBLISH, SUBSCRIBE), "MQTT 5.0 §3.3.2.3.8"},
	SessionExpiry:       {"property/session_expiry", kindLong, boundNone, in(CONNECT, CONNACK, DISCONNECT), "MQTT 5.0 §3.1.2.11.2"},
	AssignedClientID:    {"property/assigned_client_id", kindText, boundNone, in(CONNACK), "MQTT 5.0 §3.2.2.3.7"},
	ServerKeepAlive:     {"property/server_keep_alive", kindShort, boundNone, in(CONNACK), "MQTT 5.0 §3.2.2.3.14"},
	AuthMethod:          {"property/auth_method", kindText, boundNone, in(CONNECT, CONNACK, AUTH), "MQTT 5.0 §3.1.2.11.9"},
	AuthData:            {"property/auth_data", kindBinary, boundNone, in(CONNECT, CONNACK, AUTH), "MQTT 5.0 §3.1.2.11.10"},
	RequestProblemInfo:  {"property/request_problem_information", kindByte, boundBool, in(CONNECT), "MQTT 5.0 §3.1.2.11.7"},
	WillDelay:           {"property/will_delay", kindLong, boundNone, in(inWill), "MQTT 5.0 §3.1.3.2.2"},
	RequestResponseInfo: {"property/request_response_information", kindByte, boundBool, in(CONNECT), "MQTT 5.0 §3.1.2.11.6"},
	ResponseInfo:        {"property/response_information", kindText, boundNone, in(CONNACK), "MQTT 5.0 §3.2.2.3.15"},
	ServerReference:     {"property/server_reference", kindText, boundNone, in(CONNACK, DISCONNECT), "MQTT 5.0 §3.2.2.3.16"},
	ReasonString: {"property/reason_string", kindText, boundNone, in(CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP,
		SUBACK, UNSUBACK, DISCONNECT, AUTH), "MQTT 5.0 §3.2.2.3.9"},
	ReceiveMaximum:    {"property/receive_maximum", kindShort, boundNonZero, in(CONNECT, CONNACK), "MQTT 5.0 §3.1.2.11.3"},
	TopicAliasMaximum: {"property/topic_alias_maximum", kindShort, boundNone, in(CONNECT, CONNACK), "MQTT 5.0 §3.1.2.11.5"},
	TopicAlias:        {"property/topic_alias", kindShort, boundAlias, in(PUBLISH), "MQTT 5.0 §3.3.2.3.4"},
	MaximumQoS:        {"property/maximum_qos", kindByte, boundBool, in(CONNACK), "MQTT 5.0 §3.2.2.3.4"},
	RetainAvailable:   {"property/retain_available", kindByte, boundBool, in(CONNACK), "MQTT 5.0 §3.2.2.3.5"},
	UserProperty: {"property/user_property", kindPair, boundNone, in(inWill, CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP,
		SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, DISCONNECT, AUTH), "MQTT 5.0 §3.3.2.3.7"},
	MaximumPacketSize:       {"property/maximum_packet_size", kindLong, boundNonZero, in(CONNECT, CONNACK), "MQTT 5.0 §3.1.2.11.4"},
	WildcardAvailable:       {"property/wildcard_available", kindByte, boundBool, in(CONNACK), "MQTT 5.0 §3.2.2.3.11"},
	SubscriptionIDAvailable: {"property/subscription_identifiers_available", kindByte, boundBool, in(CONNACK), "MQTT 5.0 §3.2.2.3.12"},
	SharedAvailable:         {"property/shared_available", kindByte, boundBool, in(CONNACK), "MQTT 5.0 §3.2.2.3.13"},
}

// propertyOf returns the table's line for id, nil when there is none.
func propertyOf(id int) *propertyInfo {
	if id > maxProperty || propertyTable[id].kind == 0 {
		return nil
	}
	return &propertyTable[id]
}
