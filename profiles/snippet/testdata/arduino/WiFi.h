// The least of the ESP32's libraries that a compiler needs to judge a sketch.
#pragma once
#include <cstddef>
#include <cstdint>
typedef uint8_t byte;
enum { HEX = 16, WL_CONNECTED = 3 };
struct String {
  String(const char *) {}
  String(uint32_t, int) {}
  String operator+(const String &) const { return *this; }
  const char *c_str() const { return ""; }
};
struct Printer {
  void begin(int) {}
  void print(const char *) {}
  void print(char) {}
  void println() {}
  void println(int) {}
  void write(const byte *, unsigned) {}
};
inline Printer Serial;
struct Station {
  void begin(const char *, const char *) {}
  int status() { return WL_CONNECTED; }
};
inline Station WiFi;
struct WiFiClient {};
inline uint32_t esp_random() { return 4; }
inline void delay(int) {}
