package outline

import "strings"

// maxDepth bounds the levels of folders; what lies deeper in a file stays in
// one folder whose name holds the rest of the path.
const maxDepth = 12

// Path returns the names of the folders in which a profile with this Folder
// lies, from the outside in. Blanks around names and empty names go.
func Path(folder string) []string {
	if folder == "" {
		return nil
	}
	var names []string
	for name := range strings.SplitSeq(folder, "/") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	if len(names) > maxDepth {
		names = append(names[:maxDepth-1:maxDepth-1], strings.Join(names[maxDepth-1:], "/"))
	}
	return names
}

// Join is the inverse of Path.
func Join(names ...string) string { return strings.Join(names, "/") }

// Clean returns the one spelling of a folder.
func Clean(folder string) string { return Join(Path(folder)...) }

// Parent returns the folder around a folder, "" for none.
func Parent(folder string) string {
	names := Path(folder)
	return Join(names[:max(0, len(names)-1)]...)
}

// Base returns the folder's own name, without those around it.
func Base(folder string) string {
	names := Path(folder)
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}

// Within reports whether folder is outer or lies in it. Both are clean;
// everything lies within "".
func Within(folder, outer string) bool {
	return outer == "" || folder == outer || strings.HasPrefix(folder, outer+"/")
}
