package words

import "tidings/app/i18n"

// FieldName returns the name of a field (wire.Field) in the language of tr; one
// that has no words keeps the dissector's. Safe for concurrent use.
func FieldName(tr *i18n.Printer, name string) string {
	if key := fieldNames[name]; key != "" {
		return tr.S(key)
	}
	return name
}

// BitPattern writes the bits of b that count, those of mask, and a dot for each
// of the others: "0011 ....".
func BitPattern(b, mask byte) string {
	out := []byte("........")
	for i := range out {
		if mask>>(7-i)&1 != 0 {
			out[i] = '0' + b>>(7-i)&1
		}
	}
	return string(out[:4]) + " " + string(out[4:])
}

// fieldNames has the key of each field's name.
var fieldNames = map[string]string{
	"packet":                                      "field.packet",
	"fixed_header":                                "field.fixed_header",
	"fixed_header/control":                        "field.fixed_header.control",
	"fixed_header/type":                           "field.fixed_header.type",
	"fixed_header/flags":                          "field.fixed_header.flags",
	"fixed_header/dup":                            "field.fixed_header.dup",
	"fixed_header/qos":                            "field.fixed_header.qos",
	"fixed_header/retain":                         "field.fixed_header.retain",
	"fixed_header/remaining_length":               "field.fixed_header.remaining_length",
	"connect/protocol_name":                       "field.connect.protocol_name",
	"connect/protocol_level":                      "field.connect.protocol_level",
	"connect/flags":                               "field.connect.flags",
	"connect/flags/user_name":                     "field.connect.flags.user_name",
	"connect/flags/password":                      "field.connect.flags.password",
	"connect/flags/will_retain":                   "field.connect.flags.will_retain",
	"connect/flags/will_qos":                      "field.connect.flags.will_qos",
	"connect/flags/will":                          "field.connect.flags.will",
	"connect/flags/clean_start":                   "field.connect.flags.clean_start",
	"connect/flags/clean_session":                 "field.connect.flags.clean_session",
	"connect/flags/reserved":                      "field.connect.flags.reserved",
	"connect/keep_alive":                          "field.connect.keep_alive",
	"connect/client_id":                           "field.connect.client_id",
	"connect/will_topic":                          "field.connect.will_topic",
	"connect/will_payload":                        "field.connect.will_payload",
	"connect/user_name":                           "field.connect.user_name",
	"connect/password":                            "field.connect.password",
	"connack/flags":                               "field.connack.flags",
	"connack/return_code":                         "field.connack.return_code",
	"packet_id":                                   "field.packet_id",
	"reason_code":                                 "field.reason_code",
	"publish/topic":                               "field.publish.topic",
	"publish/payload":                             "field.publish.payload",
	"subscribe/filter":                            "field.subscribe.filter",
	"subscribe/options":                           "field.subscribe.options",
	"subscribe/options/qos":                       "field.subscribe.options.qos",
	"subscribe/options/no_local":                  "field.subscribe.options.no_local",
	"subscribe/options/retain_as_published":       "field.subscribe.options.retain_as_published",
	"subscribe/options/retain_handling":           "field.subscribe.options.retain_handling",
	"subscribe/options/reserved":                  "field.subscribe.options.reserved",
	"unsubscribe/filter":                          "field.unsubscribe.filter",
	"properties":                                  "field.properties",
	"will_properties":                             "field.will_properties",
	"properties/length":                           "field.properties.length",
	"property/id":                                 "field.property.id",
	"property/value":                              "field.property.value",
	"property/user/name":                          "field.property.user.name",
	"property/user/value":                         "field.property.user.value",
	"property/unknown":                            "field.property.unknown",
	"property/payload_format":                     "field.property.payload_format",
	"property/message_expiry":                     "field.property.message_expiry",
	"property/content_type":                       "field.property.content_type",
	"property/response_topic":                     "field.property.response_topic",
	"property/correlation_data":                   "field.property.correlation_data",
	"property/subscription_identifier":            "field.property.subscription_identifier",
	"property/session_expiry":                     "field.property.session_expiry",
	"property/assigned_client_id":                 "field.property.assigned_client_id",
	"property/server_keep_alive":                  "field.property.server_keep_alive",
	"property/auth_method":                        "field.property.auth_method",
	"property/auth_data":                          "field.property.auth_data",
	"property/request_problem_information":        "field.property.request_problem_information",
	"property/will_delay":                         "field.property.will_delay",
	"property/request_response_information":       "field.property.request_response_information",
	"property/response_information":               "field.property.response_information",
	"property/server_reference":                   "field.property.server_reference",
	"property/reason_string":                      "field.property.reason_string",
	"property/receive_maximum":                    "field.property.receive_maximum",
	"property/topic_alias_maximum":                "field.property.topic_alias_maximum",
	"property/topic_alias":                        "field.property.topic_alias",
	"property/maximum_qos":                        "field.property.maximum_qos",
	"property/retain_available":                   "field.property.retain_available",
	"property/user_property":                      "field.property.user_property",
	"property/maximum_packet_size":                "field.property.maximum_packet_size",
	"property/wildcard_available":                 "field.property.wildcard_available",
	"property/subscription_identifiers_available": "field.property.subscription_identifiers_available",
	"property/shared_available":                   "field.property.shared_available",
	"undecoded":                                   "field.undecoded",
	"trailing":                                    "field.trailing",
	"more":                                        "field.more",
}
