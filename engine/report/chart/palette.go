package chart

import "image/color"

// The colours of M. Okabe and K. Ito, "Color Universal Design" (2008), which people with any kind of
// colour vision can tell apart, without the yellow, which cannot be seen on white.
var (
	Black      = rgb(0x00, 0x00, 0x00)
	Orange     = rgb(0xE6, 0x9F, 0x00)
	SkyBlue    = rgb(0x56, 0xB4, 0xE9)
	Green      = rgb(0x00, 0x9E, 0x73)
	Blue       = rgb(0x00, 0x72, 0xB2)
	Vermillion = rgb(0xD5, 0x5E, 0x00)
	Purple     = rgb(0xCC, 0x79, 0xA7)
)

func rgb(r, g, b uint8) color.NRGBA { return color.NRGBA{R: r, G: g, B: b, A: 255} }

// Translucent is an opaque colour with some of the ground showing through: alpha 255 covers it.
func Translucent(c color.Color, alpha uint8) color.NRGBA {
	r, g, b, _ := c.RGBA()
	return color.NRGBA{R: uint8(r >> 8), G: uint8(g >> 8), B: uint8(b >> 8), A: alpha}
}
