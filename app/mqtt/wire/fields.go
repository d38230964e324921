package wire

import "tidings/app"

// The names of the fields, as Dissect reports them. Properties have theirs in
// propertyTable.
const (
	fieldPacket       = "packet"
	fieldHeader       = "fixed_header"
	fieldControl      = "fixed_header/control"
	fieldType         = "fixed_header/type"
	fieldFlags        = "fixed_header/flags"
	fieldDup          = "fixed_header/dup"
	fieldQoS          = "fixed_header/qos"
	fieldRetain       = "fixed_header/retain"
	fieldRemaining    = "fixed_header/remaining_length"
	fieldProtocolName = "connect/protocol_name"
	fieldLevel        = "connect/protocol_level"
	fieldConnectFlags = "connect/flags"
	fieldKeepAlive    = "connect/keep_alive"
	fieldClientID     = "connect/client_id"
	fieldWillTopic    = "connect/will_topic"
	fieldWillPayload  = "connect/will_payload"
	fieldUser         = "connect/user_name"
	fieldPassword     = "connect/password"
	fieldAckFlags     = "connack/flags"
	fieldReturnCode   = "connack/return_code"
	fieldTopic        = "publish/topic"
	fieldPayload      = "publish/payload"
	fieldPacketID     = "packet_id"
	fieldReason       = "reason_code"
	fieldFilter       = "subscribe/filter"
	fieldOptions      = "subscribe/options"
	fieldUnsubFilter  = "unsubscribe/filter"
	fieldProperties   = "properties"
	fieldWillProps    = "will_properties"
	fieldPropLength   = "properties/length"
	fieldPropID       = "property/id"
	fieldPropValue    = "property/value"
	fieldUndecoded    = "undecoded"
	fieldTrailing     = "trailing"
	fieldMore         = "more"
)

// fieldSections says where MQTT 5.0 and MQTT 3.1.1 describe a field. What is
// not here stands in the section of its packet.
var fieldSections = map[string][2]string{
	fieldHeader:       {"2.1.1", "2.2"},
	fieldControl:      {"2.1.1", "2.2"},
	fieldType:         {"2.1.2", "2.2.1"},
	fieldFlags:        {"2.1.3", "2.2.2"},
	fieldDup:          {"3.3.1.1", "3.3.1.1"},
	fieldQoS:          {"3.3.1.2", "3.3.1.2"},
	fieldRetain:       {"3.3.1.3", "3.3.1.3"},
	fieldRemaining:    {"2.1.4", "2.2.3"},
	fieldPacketID:     {"2.2.1", "2.3.1"},
	fieldReason:       {"2.4", "3.9.3"},
	fieldProperties:   {"2.2.2", ""},
	fieldPropLength:   {"2.2.2.1", ""},
	fieldPropID:       {"2.2.2.2", ""},
	fieldPropValue:    {"2.2.2.2", ""},
	fieldProtocolName: {"3.1.2.1", "3.1.2.1"},
	fieldLevel:        {"3.1.2.2", "3.1.2.2"},
	fieldConnectFlags: {"3.1.2.3", "3.1.2.3"},
	fieldKeepAlive:    {"3.1.2.10", "3.1.2.10"},
	fieldClientID:     {"3.1.3.1", "3.1.3.1"},
	fieldWillProps:    {"3.1.3.2", ""},
	fieldWillTopic:    {"3.1.3.3", "3.1.3.2"},
	fieldWillPayload:  {"3.1.3.4", "3.1.3.3"},
	fieldUser:         {"3.1.3.5", "3.1.3.4"},
	fieldPassword:     {"3.1.3.6", "3.1.3.5"},
	fieldAckFlags:     {"3.2.2.1", "3.2.2.1"},
	fieldReturnCode:   {"3.2.2.2", "3.2.2.3"},
	fieldTopic:        {"3.3.2.1", "3.3.2.1"},
	fieldPayload:      {"3.3.3", "3.3.3"},
	fieldFilter:       {"3.8.3", "3.8.3"},
	fieldOptions:      {"3.8.3.1", "3.8.3"},
	fieldUnsubFilter:  {"3.10.3", "3.10.3"},
}

// fieldSection returns where version v describes the field called name in a
// packet of type t.
func fieldSection(name string, t Type, v app.Version) string {
	own := packetTable[t&0x0f].section
	s, known := fieldSections[name]
	if !known {
		s = [2]string{own, own}
	}
	switch {
	case v == app.V5 && s[0] != "":
		return "MQTT 5.0 §" + s[0]
	case v == app.V311 && s[1] != "":
		return "MQTT 3.1.1 §" + s[1]
	case v == app.V31 && own != "":
		return "MQTT 3.1 §" + own
	}
	return ""
}

// ruleFields names the bits that a rule about some bits of a byte is for.
var ruleFields = map[rule]string{
	ruleType:             fieldType,
	ruleDirection:        fieldType,
	ruleFirst:            fieldType,
	ruleFlags:            fieldFlags,
	ruleQoS:              fieldQoS,
	ruleDup:              fieldDup,
	ruleConnectFlag:      "connect/flags/reserved",
	ruleWillQoS:          "connect/flags/will_qos",
	ruleWillQoSUnset:     "connect/flags/will_qos",
	ruleWillRetainUnset:  "connect/flags/will_retain",
	rulePasswordAlone:    "connect/flags/password",
	ruleSubscribeOptions: "subscribe/options/reserved",
	ruleSubscribeQoS:     "subscribe/options/qos",
	ruleRetainHandling:   "subscribe/options/retain_handling",
	ruleNoLocalShared:    "subscribe/options/no_local",
}
