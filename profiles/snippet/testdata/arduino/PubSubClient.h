#pragma once
#include "WiFi.h"
struct PubSubClient {
  PubSubClient(WiFiClient &) {}
  void setServer(const char *, uint16_t) {}
  void setCallback(void (*)(char *, byte *, unsigned int)) {}
  void setKeepAlive(uint16_t) {}
  void setBufferSize(uint16_t) {}
  bool connected() { return false; }
  bool connect(const char *, const char *, const char *, const char *, uint8_t, bool, const char *, bool) { return true; }
  int state() { return 0; }
  bool subscribe(const char *, uint8_t) { return true; }
  bool publish(const char *, const uint8_t *, unsigned int, bool) { return true; }
  bool loop() { return true; }
};
