package app_test

import (
	"reflect"
	"strings"
	"testing"

	"tidings/app"
)

// mark is what every secret holds.
const mark = "a secret of this test"

// fill puts the mark into every secret below v, and makes what pointers and
// slices could hold on the way.
func fill(v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[app.Secret]():
		v.SetString(mark)
	case v.Type() == reflect.TypeFor[app.Header]():
		v.Set(reflect.ValueOf(app.Header{Name: "Authorization", Value: mark, Secret: true}))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i))
			}
		}
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	}
}

// marked returns the paths of the fields below v that hold the mark.
func marked(path string, v reflect.Value) (found []string) {
	switch v.Kind() {
	case reflect.String:
		if strings.Contains(v.String(), mark) {
			found = append(found, path)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			found = append(found, marked(path+"."+v.Type().Field(i).Name, v.Field(i))...)
		}
	case reflect.Slice:
		for i := range v.Len() {
			found = append(found, marked(path+"[]", v.Index(i))...)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			found = marked(path, v.Elem())
		}
	}
	return found
}

// A secret that somebody adds to the options is not forgotten here.
func TestWithoutSecretsTakesEverySecretOut(t *testing.T) {
	var o app.ConnectOptions
	fill(reflect.ValueOf(&o).Elem())
	o.Security.Key.PEM = mark
	o.Link.Transport, o.Link.Path = app.TransportWS, "/mqtt?token="+mark
	before := marked("", reflect.ValueOf(o))
	if len(before) < 7 { // four passwords and keys, a header, a pasted key, a query
		t.Fatalf("the test has filled only %v", before)
	}
	if left := marked("", reflect.ValueOf(o.WithoutSecrets())); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	if after := marked("", reflect.ValueOf(o)); len(after) != len(before) {
		t.Errorf("what it was made from has lost some: %v are left", after)
	}
}
