package wire

import "tidings/app"

// rule is one thing the standards forbid.
type rule byte

// The rules.
const (
	ruleNone rule = iota
	ruleTruncated
	ruleTrailing
	ruleFrame
	ruleTooLarge
	ruleListed
	ruleVarintLong
	ruleVarintMinimal
	ruleType
	ruleDirection
	ruleFirst
	ruleFlags
	ruleUTF8
	ruleNUL
	rulePacketID
	ruleTopicEmpty
	ruleAppendID
	ruleAppendValue
	ruleAppendLong
	ruleTopicWildcard
	ruleResponseTopicWildcard
	ruleFilterHash
	ruleFilterPlus
	ruleShareName
	ruleShareForm
	ruleProtocolName
	ruleProtocolLevel
	ruleConnectFlag
	ruleWillQoS
	ruleWillQoSUnset
	ruleWillRetainUnset
	rulePasswordAlone
	ruleClientIDEmpty
	ruleClientIDLength
	ruleAckFlags
	ruleSessionPresent
	ruleReason
	ruleReturn3
	ruleReasonDirection
	ruleQoS
	ruleDup
	ruleNoTopicNoAlias
	ruleTopicAlias
	rulePayloadFormat
	ruleSubscribeEmpty
	ruleSubscribeOptions
	ruleSubscribeQoS
	ruleRetainHandling
	ruleNoLocalShared
	ruleAckEmpty
	ruleUnsubscribeEmpty
	rulePropertyUnknown
	rulePropertyPacket
	rulePropertyDirection
	rulePropertySubIDClient
	rulePropertyExpiryServer
	rulePropertyTwice
	rulePropertyRange
	rulePropertyBlock
	ruleAuthDataAlone
	ruleAuthMethod
	ruleCount
)

// ruleText says what is broken, in each standard's own section; an empty
// section is a rule the version does not have.
type ruleText struct {
	reason        app.ReasonCode
	v5, v311, v31 string
	why           string
}

const (
	reasonTopicAliasInvalid    app.ReasonCode = 0x94
	reasonPayloadFormatInvalid app.ReasonCode = 0x99
)

var ruleTable = [ruleCount]ruleText{
	ruleTruncated:             {app.ReasonMalformed, "MQTT 5.0 §4.13.1", "MQTT 3.1.1 §4.8", "MQTT 3.1 §2.1", "the packet ends inside a field"},
	ruleTrailing:              {app.ReasonMalformed, "MQTT 5.0 §2.1.4", "MQTT 3.1.1 §2.2.3", "MQTT 3.1 §2.1", "bytes after the last field of the packet"},
	ruleFrame:                 {app.ReasonMalformed, "MQTT 5.0 §2.1.4", "MQTT 3.1.1 §2.2.3", "MQTT 3.1 §2.1", "the Remaining Length is not the number of bytes that follow"},
	ruleTooLarge:              {app.ReasonPacketTooLarge, "[MQTT-3.2.2-15]", "MQTT 3.1.1 §2.2.3", "MQTT 3.1 §2.1", "the packet is larger than the cap"},
	ruleListed:                {app.ReasonPacketTooLarge, "MQTT 5.0 §4.13.2", "MQTT 3.1.1 §4.8", "MQTT 3.1 §2.1", "more entries in one packet than we take"},
	ruleVarintLong:            {app.ReasonMalformed, "MQTT 5.0 §1.5.5", "MQTT 3.1.1 §2.2.3", "MQTT 3.1 §2.1", "a length of more than four bytes"},
	ruleVarintMinimal:         {app.ReasonMalformed, "[MQTT-1.5.5-1]", "", "", "a Variable Byte Integer in more bytes than it needs"},
	ruleType:                  {app.ReasonMalformed, "MQTT 5.0 §2.1.2", "MQTT 3.1.1 §2.2.1", "MQTT 3.1 §2.1", "a reserved packet type"},
	ruleDirection:             {app.ReasonProtocolError, "MQTT 5.0 §2.1.2", "MQTT 3.1.1 §2.2.1", "MQTT 3.1 §2.1", "this side does not send such a packet"},
	ruleFirst:                 {app.ReasonProtocolError, "[MQTT-3.1.0-1]", "[MQTT-3.1.0-1]", "MQTT 3.1 §3.1", "the first packet is not CONNECT"},
	ruleFlags:                 {app.ReasonMalformed, "[MQTT-2.1.3-1]", "[MQTT-2.2.2-2]", "MQTT 3.1 §2.1", "reserved flags of the fixed header differ from their fixed value"},
	ruleUTF8:                  {app.ReasonMalformed, "[MQTT-1.5.4-1]", "[MQTT-1.5.3-1]", "MQTT 3.1 §2.5", "a string is not well-formed UTF-8"},
	ruleNUL:                   {app.ReasonMalformed, "[MQTT-1.5.4-2]", "[MQTT-1.5.3-2]", "MQTT 3.1 §2.5", "a string holds U+0000"},
	rulePacketID:              {app.ReasonMalformed, "MQTT 5.0 §2.2.1", "MQTT 3.1.1 §2.3.1", "MQTT 3.1 §2.4", "packet identifier 0"},
	ruleAppendID:              {app.ReasonProtocolError, "[MQTT-2.2.1-2]", "[MQTT-2.3.1-5]", "MQTT 3.1 §2.4", "a packet identifier with QoS 0"},
	ruleAppendValue:           {app.ReasonMalformed, "MQTT 5.0 §2.1", "MQTT 3.1.1 §2.1", "MQTT 3.1 §2.1", "a value that has no place in the packet"},
	ruleAppendLong:            {app.ReasonMalformed, "MQTT 5.0 §1.5.4", "MQTT 3.1.1 §1.5.3", "MQTT 3.1 §2.5", "a field of more than 65,535 bytes"},
	ruleTopicEmpty:            {app.ReasonMalformed, "[MQTT-4.7.3-1]", "[MQTT-4.7.3-1]", "MQTT 3.1 Appendix A", "an empty topic"},
	ruleTopicWildcard:         {app.ReasonMalformed, "[MQTT-3.3.2-2]", "[MQTT-3.3.2-2]", "MQTT 3.1 §3.3", "a wildcard in a topic name"},
	ruleResponseTopicWildcard: {app.ReasonMalformed, "[MQTT-3.3.2-14]", "", "", "a wildcard in a response topic"},
	ruleFilterHash:            {app.ReasonMalformed, "[MQTT-4.7.1-1]", "[MQTT-4.7.1-2]", "MQTT 3.1 Appendix A", "# in a filter that is not alone in the last level"},
	ruleFilterPlus:            {app.ReasonMalformed, "[MQTT-4.7.1-2]", "[MQTT-4.7.1-3]", "MQTT 3.1 Appendix A", "+ in a filter that is not alone in its level"},
	ruleShareName:             {app.ReasonMalformed, "[MQTT-4.8.2-1]", "MQTT 5.0 §4.8.2", "MQTT 5.0 §4.8.2", "a shared subscription without a share name"},
	ruleShareForm:             {app.ReasonMalformed, "[MQTT-4.8.2-2]", "MQTT 5.0 §4.8.2", "MQTT 5.0 §4.8.2", "a shared subscription is not $share/name/filter"},
	ruleProtocolName:          {app.ReasonUnsupportedVersion, "[MQTT-3.1.2-1]", "[MQTT-3.1.2-1]", "MQTT 3.1 §3.1", "the protocol name is not that of the level"},
	ruleProtocolLevel:         {app.ReasonUnsupportedVersion, "[MQTT-3.1.2-2]", "[MQTT-3.1.2-2]", "MQTT 3.1 §3.1", "a protocol level other than 3, 4 and 5"},
	ruleConnectFlag:           {app.ReasonMalformed, "[MQTT-3.1.2-3]", "[MQTT-3.1.2-3]", "MQTT 3.1 §3.1", "the reserved connect flag is set"},
	ruleWillQoS:               {app.ReasonMalformed, "[MQTT-3.1.2-12]", "[MQTT-3.1.2-14]", "MQTT 3.1 §3.1", "will QoS 3"},
	ruleWillQoSUnset:          {app.ReasonMalformed, "[MQTT-3.1.2-11]", "[MQTT-3.1.2-13]", "MQTT 3.1 §3.1", "a will QoS without a will"},
	ruleWillRetainUnset:       {app.ReasonMalformed, "[MQTT-3.1.2-13]", "[MQTT-3.1.2-15]", "MQTT 3.1 §3.1", "will retain without a will"},
	rulePasswordAlone:         {app.ReasonMalformed, "", "[MQTT-3.1.2-22]", "MQTT 3.1 §3.1", "a password without a user name"},
	ruleClientIDEmpty:         {app.ReasonBadClientID, "", "[MQTT-3.1.3-8]", "MQTT 3.1 §3.1", "an empty client identifier for a session that is to stay"},
	ruleClientIDLength:        {app.ReasonBadClientID, "", "", "MQTT 3.1 §3.1", "a client identifier of MQTT 3.1 has 1 to 23 bytes"},
	ruleAckFlags:              {app.ReasonMalformed, "[MQTT-3.2.2-1]", "MQTT 3.1.1 §3.2.2.1", "MQTT 3.1 §3.2", "reserved acknowledge flags are set"},
	ruleSessionPresent:        {app.ReasonProtocolError, "[MQTT-3.2.2-6]", "[MQTT-3.2.2-4]", "", "session present in a refusal"},
	ruleReason:                {app.ReasonMalformed, "MQTT 5.0 §2.4", "[MQTT-3.9.3-2]", "MQTT 3.1 §3.9", "a reason code this packet does not have"},
	ruleReturn3:               {app.ReasonMalformed, "", "MQTT 3.1.1 §3.2.2.3", "MQTT 3.1 §3.2", "a reserved return code"},
	ruleReasonDirection:       {app.ReasonProtocolError, "MQTT 5.0 §2.4", "", "", "a reason code this side does not send"},
	ruleQoS:                   {app.ReasonMalformed, "[MQTT-3.3.1-4]", "[MQTT-3.3.1-4]", "MQTT 3.1 §2.1", "QoS 3"},
	ruleDup:                   {app.ReasonMalformed, "[MQTT-3.3.1-2]", "[MQTT-3.3.1-2]", "MQTT 3.1 §2.1", "DUP with QoS 0"},
	ruleNoTopicNoAlias:        {app.ReasonProtocolError, "MQTT 5.0 §3.3.2.1", "", "", "neither a topic name nor a topic alias"},
	ruleTopicAlias:            {reasonTopicAliasInvalid, "[MQTT-3.3.2-8]", "", "", "topic alias 0"},
	rulePayloadFormat:         {reasonPayloadFormatInvalid, "MQTT 5.0 §3.3.2.3.2", "", "", "the payload is not the UTF-8 it claims to be"},
	ruleSubscribeEmpty:        {app.ReasonProtocolError, "[MQTT-3.8.3-2]", "[MQTT-3.8.3-3]", "MQTT 3.1 §3.8", "no filter to subscribe to"},
	ruleSubscribeOptions:      {app.ReasonMalformed, "[MQTT-3.8.3-5]", "[MQTT-3-8.3-4]", "MQTT 3.1 §3.8", "reserved subscription options are set"},
	ruleSubscribeQoS:          {app.ReasonProtocolError, "MQTT 5.0 §3.8.3.1", "[MQTT-3-8.3-4]", "MQTT 3.1 §3.8", "QoS 3 is asked for"},
	ruleRetainHandling:        {app.ReasonProtocolError, "MQTT 5.0 §3.8.3.1", "", "", "retain handling 3"},
	ruleNoLocalShared:         {app.ReasonProtocolError, "[MQTT-3.8.3-4]", "", "", "No Local on a shared subscription"},
	ruleAckEmpty:              {app.ReasonProtocolError, "[MQTT-3.8.4-6]", "[MQTT-3.8.4-5]", "MQTT 3.1 §3.9", "no code for any filter"},
	ruleUnsubscribeEmpty:      {app.ReasonProtocolError, "[MQTT-3.10.3-2]", "[MQTT-3.10.3-2]", "MQTT 3.1 §3.10", "no filter to unsubscribe from"},
	rulePropertyUnknown:       {app.ReasonMalformed, "MQTT 5.0 §2.2.2.2", "", "", "a property nobody has defined"},
	rulePropertyPacket:        {app.ReasonMalformed, "MQTT 5.0 §2.2.2.2", "", "", "a property this packet does not have"},
	rulePropertyDirection:     {app.ReasonProtocolError, "MQTT 5.0 §2.2.2.2", "", "", "a property this side does not send"},
	rulePropertySubIDClient:   {app.ReasonProtocolError, "[MQTT-3.3.4-6]", "", "", "a subscription identifier from a client"},
	rulePropertyExpiryServer:  {app.ReasonProtocolError, "[MQTT-3.14.2-2]", "", "", "a session expiry interval from the server"},
	rulePropertyTwice:         {app.ReasonProtocolError, "MQTT 5.0 §2.2.2.2", "", "", "a property twice"},
	rulePropertyRange:         {app.ReasonProtocolError, "MQTT 5.0 §2.2.2.2", "", "", "a property with a value out of its range"},
	rulePropertyBlock:         {app.ReasonMalformed, "MQTT 5.0 §2.2.2.1", "", "", "the property length is more than what is left"},
	ruleAuthDataAlone:         {app.ReasonProtocolError, "MQTT 5.0 §3.1.2.11.10", "", "", "authentication data without a method"},
	ruleAuthMethod:            {app.ReasonProtocolError, "MQTT 5.0 §3.15.2.2.2", "", "", "AUTH without an authentication method"},
}

// spec returns where version v says so, or else the next later version that
// does.
func (t ruleText) spec(v app.Version) string {
	switch {
	case v == app.V31 && t.v31 != "":
		return t.v31
	case v != app.V5 && v != 0 && t.v311 != "":
		return t.v311
	case t.v5 != "":
		return t.v5
	case t.v311 != "":
		return t.v311
	}
	return t.v31
}

func newError(ru rule, v app.Version, offset int) *Error {
	t := &ruleTable[ru]
	return &Error{Reason: t.reason, Spec: t.spec(v), Why: t.why, Offset: offset}
}
