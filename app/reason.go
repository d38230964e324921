package app

import "fmt"

// ReasonCode is an MQTT 5 reason code (MQTT 5.0 §2.4). The CONNACK return
// codes 1..5 of MQTT 3.x are kept apart by ConnectReturn3, because 1 and 2
// mean a granted QoS elsewhere.
type ReasonCode uint16

// Reason codes that code outside the adapters names. The full list is in
// reasonKeys.
const (
	ReasonSuccess            ReasonCode = 0x00
	ReasonDisconnectWithWill ReasonCode = 0x04
	ReasonNoMatchingSubs     ReasonCode = 0x10
	ReasonUnspecified        ReasonCode = 0x80
	ReasonMalformed          ReasonCode = 0x81
	ReasonProtocolError      ReasonCode = 0x82
	ReasonUnsupportedVersion ReasonCode = 0x84
	ReasonBadClientID        ReasonCode = 0x85
	ReasonBadUserPassword    ReasonCode = 0x86
	ReasonNotAuthorized      ReasonCode = 0x87
	ReasonServerUnavailable  ReasonCode = 0x88
	ReasonServerBusy         ReasonCode = 0x89
	ReasonBadAuthMethod      ReasonCode = 0x8C
	ReasonKeepAliveTimeout   ReasonCode = 0x8D
	ReasonSessionTakenOver   ReasonCode = 0x8E
	ReasonPacketTooLarge     ReasonCode = 0x95
	ReasonUseAnotherServer   ReasonCode = 0x9C
	ReasonServerMoved        ReasonCode = 0x9D
)

// ConnectReturn3 translates an MQTT 3.x CONNACK return code
// (MQTT 3.1.1 §3.2.2.3, table 3.1) into the reason code of MQTT 5 with the
// same meaning; codes above 5 are reserved and become 0x80.
func ConnectReturn3(code byte) ReasonCode {
	switch code {
	case 0:
		return ReasonSuccess
	case 1:
		return ReasonUnsupportedVersion
	case 2:
		return ReasonBadClientID
	case 3:
		return ReasonServerUnavailable
	case 4:
		return ReasonBadUserPassword
	case 5:
		return ReasonNotAuthorized
	}
	return ReasonUnspecified
}

// IsError reports whether the code is a refusal (0x80 and above).
func (r ReasonCode) IsError() bool { return r >= 0x80 }

// Text returns the code in words: a key of the translations and its number.
// Granted QoS 1 and 2 of a SUBACK share their numbers with no other packet.
func (r ReasonCode) Text() Text {
	key, ok := reasonKeys[r]
	if !ok {
		key = "reason.unknown"
	}
	return Say(key, "Code", r.String())
}

// String returns the code as the standard writes it, for example "0x87".
func (r ReasonCode) String() string { return fmt.Sprintf("0x%02X", uint16(r)) }

// reasonKeys maps every code of MQTT 5.0 table 2-6 to a key of the
// translations.
var reasonKeys = map[ReasonCode]string{
	0x00: "reason.success",
	0x01: "reason.granted_qos1",
	0x02: "reason.granted_qos2",
	0x04: "reason.disconnect_with_will",
	0x10: "reason.no_matching_subscribers",
	0x11: "reason.no_subscription_existed",
	0x18: "reason.continue_authentication",
	0x19: "reason.reauthenticate",
	0x80: "reason.unspecified_error",
	0x81: "reason.malformed_packet",
	0x82: "reason.protocol_error",
	0x83: "reason.implementation_specific_error",
	0x84: "reason.unsupported_protocol_version",
	0x85: "reason.client_identifier_not_valid",
	0x86: "reason.bad_user_name_or_password",
	0x87: "reason.not_authorized",
	0x88: "reason.server_unavailable",
	0x89: "reason.server_busy",
	0x8A: "reason.banned",
	0x8B: "reason.server_shutting_down",
	0x8C: "reason.bad_authentication_method",
	0x8D: "reason.keep_alive_timeout",
	0x8E: "reason.session_taken_over",
	0x8F: "reason.topic_filter_invalid",
	0x90: "reason.topic_name_invalid",
	0x91: "reason.packet_identifier_in_use",
	0x92: "reason.packet_identifier_not_found",
	0x93: "reason.receive_maximum_exceeded",
	0x94: "reason.topic_alias_invalid",
	0x95: "reason.packet_too_large",
	0x96: "reason.message_rate_too_high",
	0x97: "reason.quota_exceeded",
	0x98: "reason.administrative_action",
	0x99: "reason.payload_format_invalid",
	0x9A: "reason.retain_not_supported",
	0x9B: "reason.qos_not_supported",
	0x9C: "reason.use_another_server",
	0x9D: "reason.server_moved",
	0x9E: "reason.shared_subscriptions_not_supported",
	0x9F: "reason.connection_rate_exceeded",
	0xA0: "reason.maximum_connect_time",
	0xA1: "reason.subscription_identifiers_not_supported",
	0xA2: "reason.wildcard_subscriptions_not_supported",
}
