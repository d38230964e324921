// Package jsonobj reads JSON that others wrote, as loosely as people need and
// as strictly as hostile bytes deserve: a value of an unexpected type is
// absent instead of an error, every list has an end, and no error quotes the
// text.
package jsonobj
