package wire

import (
	"slices"
	"strconv"
)

// propertyBlock is where MQTT 5.0 describes the properties of a packet, or of
// a will. Part 1 of the section is about the Property Length; the properties
// are the parts from 2 on.
type propertyBlock struct {
	section string
	ids     []PropertyID
}

// propertyBlocks is indexed by Type, inWill included.
var propertyBlocks = [16]propertyBlock{
	CONNECT: {"3.1.2.11", []PropertyID{SessionExpiry, ReceiveMaximum, MaximumPacketSize, TopicAliasMaximum,
		RequestResponseInfo, RequestProblemInfo, UserProperty, AuthMethod, AuthData}},
	inWill: {"3.1.3.2", []PropertyID{WillDelay, PayloadFormat, MessageExpiry, ContentType, ResponseTopic,
		CorrelationData, UserProperty}},
	CONNACK: {"3.2.2.3", []PropertyID{SessionExpiry, ReceiveMaximum, MaximumQoS, RetainAvailable,
		MaximumPacketSize, AssignedClientID, TopicAliasMaximum, ReasonString, UserProperty, WildcardAvailable,
		SubscriptionIDAvailable, SharedAvailable, ServerKeepAlive, ResponseInfo, ServerReference, AuthMethod, AuthData}},
	PUBLISH: {"3.3.2.3", []PropertyID{PayloadFormat, MessageExpiry, TopicAlias, ResponseTopic, CorrelationData,
		UserProperty, SubscriptionID, ContentType}},
	PUBACK:      {"3.4.2.2", []PropertyID{ReasonString, UserProperty}},
	PUBREC:      {"3.5.2.2", []PropertyID{ReasonString, UserProperty}},
	PUBREL:      {"3.6.2.2", []PropertyID{ReasonString, UserProperty}},
	PUBCOMP:     {"3.7.2.2", []PropertyID{ReasonString, UserProperty}},
	SUBSCRIBE:   {"3.8.2.1", []PropertyID{SubscriptionID, UserProperty}},
	SUBACK:      {"3.9.2.1", []PropertyID{ReasonString, UserProperty}},
	UNSUBSCRIBE: {"3.10.2.1", []PropertyID{UserProperty}},
	UNSUBACK:    {"3.11.2.1", []PropertyID{ReasonString, UserProperty}},
	DISCONNECT:  {"3.14.2.2", []PropertyID{SessionExpiry, ReasonString, UserProperty, ServerReference}},
	AUTH:        {"3.15.2.2", []PropertyID{AuthMethod, AuthData, ReasonString, UserProperty}},
}

// propertySection returns where MQTT 5.0 describes property id of a packet of
// type t, or of a will; for one that t does not have, where it says so. The
// section also says "at most once" and which values there are.
func propertySection(t Type, id PropertyID) string {
	block := &propertyBlocks[t]
	i := slices.Index(block.ids, id)
	if i < 0 {
		return "MQTT 5.0 §2.2.2.2"
	}
	return "MQTT 5.0 §" + block.section + "." + strconv.Itoa(i+2)
}
