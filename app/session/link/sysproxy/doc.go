// Package sysproxy finds the proxy that the system wants for a broker: what
// the environment says, else the settings of Windows, macOS, KDE or GNOME.
//
// Whoever chose the system's proxy may have to use it. So whatever cannot be
// understood is an error, and never a reason to connect directly.
package sysproxy
