// Package theme is the look of Tidings as a fyne.Theme: a dense developer
// tool, light, dark or as the system says, with one accent and a name for
// every colour that means something.
//
// Sizes and colours stand in one table each. Widgets never name a colour by
// value: they ask Color or Size here, so that a change of variant or of zoom
// reaches everything with one refresh.
package theme
