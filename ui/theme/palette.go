package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
)

// palette answers colour names for one variant.
type palette map[fyne.ThemeColorName]color.NRGBA

// tones are the colours of the design, from which a palette is made.
type tones struct {
	background, surface, input, raised, hairline, outline, rowLine, text, muted uint32
	accent, accentSoft, onAccent, selection                                     uint32
	success, warning, warningSoft, danger, dangerSoft                           uint32
	qos1, qos2, retained, disabled, menu                                        uint32
	hover, pressed, shadow, scroll                                              color.NRGBA
}

func darkTones() tones {
	return tones{
		background: 0x15171C, surface: 0x1B1E25, input: 0x15171C, raised: 0x242833, hairline: 0x2D323D, outline: 0x434A58, rowLine: 0x1F232B, text: 0xE4E7EC, muted: 0x949DAC,
		accent: 0x2FB9A6, accentSoft: 0x173F3B, onAccent: 0x0B1D1A, selection: 0x223540,
		success: 0x45B86B, warning: 0xDFA43A, warningSoft: 0x3D3526, danger: 0xE5605A, dangerSoft: 0x3F2A2F,
		qos1: 0x5AA9F2, qos2: 0xB487F0, retained: 0xE0B14A, disabled: 0x5F6877, menu: 0x242833,
		hover: color.NRGBA{R: 255, G: 255, B: 255, A: 14}, pressed: color.NRGBA{R: 255, G: 255, B: 255, A: 28},
		shadow: color.NRGBA{A: 120}, scroll: color.NRGBA{R: 0x94, G: 0x9D, B: 0xAC, A: 110},
	}
}

func lightTones() tones {
	return tones{
		background: 0xF3F5F7, surface: 0xFFFFFF, input: 0xFFFFFF, raised: 0xEEF1F4, hairline: 0xD8DDE4, outline: 0xB5BDC8, rowLine: 0xE3E7EC, text: 0x1C2129, muted: 0x5C6675,
		accent: 0x0D8A7B, accentSoft: 0xD9EFEC, onAccent: 0xFFFFFF, selection: 0xE0F0EE,
		success: 0x23853F, warning: 0x9A6A00, warningSoft: 0xFAF0D9, danger: 0xC53A34, dangerSoft: 0xFAE3E1,
		qos1: 0x1D6FBD, qos2: 0x7A46C9, retained: 0x8F6A00, disabled: 0x9AA3B0, menu: 0xFFFFFF,
		hover: color.NRGBA{A: 10}, pressed: color.NRGBA{A: 22},
		shadow: color.NRGBA{A: 60}, scroll: color.NRGBA{R: 0x5C, G: 0x66, B: 0x75, A: 110},
	}
}

// palette names every colour that Fyne or Tidings may ask for.
func (t tones) palette() palette {
	return palette{
		ftheme.ColorNameBackground: rgb(t.background), ftheme.ColorNameForeground: rgb(t.text),
		ftheme.ColorNamePlaceHolder: rgb(t.muted), ftheme.ColorNameDisabled: rgb(t.disabled),
		ftheme.ColorNameButton: rgb(t.raised), ftheme.ColorNameDisabledButton: rgb(t.raised),
		ftheme.ColorNamePrimary: rgb(t.accent), ftheme.ColorNameHyperlink: rgb(t.accent),
		ftheme.ColorNameFocus: alpha(t.accent, 90), ftheme.ColorNameSelection: rgb(t.selection),
		ftheme.ColorNameSeparator: rgb(t.hairline), ftheme.ColorNameInputBorder: rgb(t.outline),
		ftheme.ColorNameInputBackground: rgb(t.input), ftheme.ColorNameHeaderBackground: rgb(t.surface),
		ftheme.ColorNameMenuBackground: rgb(t.menu), ftheme.ColorNameOverlayBackground: rgb(t.surface),
		ftheme.ColorNameInnerWindowBorder: rgb(t.hairline), ftheme.ColorNameInnerWindowBorderInactive: rgb(t.hairline),
		ftheme.ColorNameHover: t.hover, ftheme.ColorNamePressed: t.pressed, ftheme.ColorNameShadow: t.shadow,
		ftheme.ColorNameScrollBar: t.scroll, ftheme.ColorNameScrollBarBackground: {},
		ftheme.ColorNameSuccess: rgb(t.success), ftheme.ColorNameWarning: rgb(t.warning), ftheme.ColorNameError: rgb(t.danger),
		ftheme.ColorNameForegroundOnPrimary: rgb(t.onAccent), ftheme.ColorNameForegroundOnSuccess: rgb(t.onAccent),
		ftheme.ColorNameForegroundOnWarning: rgb(t.onAccent), ftheme.ColorNameForegroundOnError: rgb(t.onAccent),
		ColorSurface: rgb(t.surface), ColorRaised: rgb(t.raised), ColorHairline: rgb(t.hairline), ColorRowLine: rgb(t.rowLine),
		ColorMuted: rgb(t.muted), ColorAccentSoft: rgb(t.accentSoft), ColorTextSelection: alpha(t.accent, 64), ColorDangerSoft: rgb(t.dangerSoft), ColorWarningSoft: rgb(t.warningSoft),
		ColorQoS0: rgb(t.muted), ColorQoS1: rgb(t.qos1), ColorQoS2: rgb(t.qos2), ColorRetained: rgb(t.retained),
	}
}

// rgb makes an opaque colour of 0xRRGGBB.
func rgb(v uint32) color.NRGBA { return alpha(v, 0xFF) }

// alpha makes a colour of 0xRRGGBB and an opacity.
func alpha(v uint32, a uint8) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: a}
}
