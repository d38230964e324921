// Package i18n says a key and its arguments as a sentence of a person's
// language. The sentences stand in assets/translations; the rest of the
// program below the screen knows keys only (see app.Text).
package i18n
