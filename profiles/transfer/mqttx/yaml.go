package mqttx

import (
	"encoding/json"
	"errors"
	"strconv"

	"go.yaml.in/yaml/v3"

	"tidings/app"
	"tidings/profiles/transfer/internal/draft"
)

const maxYAMLDepth = 32

var (
	errDepth   = errors.New("the YAML is nested too deeply")
	errAlias   = errors.New("the YAML refers to itself by aliases, which are not followed")
	errNoYAML  = errors.New("the text is not YAML")
	errYAMLKey = errors.New("a key in the YAML is no text")
)

// fromYAML returns the first document as JSON. Aliases are refused, so that a
// small file cannot become a large one.
func fromYAML(data []byte) ([]byte, *app.Error) {
	if len(data) > draft.MaxSmall {
		return nil, draft.TooLarge(draft.MaxSmall)
	}
	var doc yaml.Node
	// The parser's error may quote the file.
	if err := yaml.Unmarshal(data, &doc); err != nil || len(doc.Content) != 1 {
		return nil, draft.Unreadable(errNoYAML)
	}
	value, err := plain(doc.Content[0], 0)
	if err != nil {
		return nil, draft.Unreadable(err)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, draft.Unreadable(errNoYAML)
	}
	return text, nil
}

// plain returns a node as encoding/json wants it. A number stays as it is
// written, because 3.10 is not 3.1 in a version.
func plain(n *yaml.Node, depth int) (any, error) {
	if depth > maxYAMLDepth {
		return nil, errDepth
	}
	switch n.Kind {
	case yaml.MappingNode:
		out := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Kind != yaml.ScalarNode {
				return nil, errYAMLKey
			}
			value, err := plain(n.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			out[n.Content[i].Value] = value
		}
		return out, nil
	case yaml.SequenceNode:
		out := make([]any, len(n.Content))
		for i, c := range n.Content {
			value, err := plain(c, depth+1)
			if err != nil {
				return nil, err
			}
			out[i] = value
		}
		return out, nil
	case yaml.ScalarNode:
		return scalar(n), nil
	}
	return nil, errAlias
}

func scalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		if b, err := strconv.ParseBool(n.Value); err == nil {
			return b
		}
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return json.Number(n.Value)
		}
	}
	return n.Value
}
