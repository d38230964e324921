// Package doctor is the sheet that shows a diagnosis: the steps as they run,
// what each means and what to do, the technical text a click away. It reads the
// desk's newest diagnosis with every Sync and owns nothing of it.
package doctor
