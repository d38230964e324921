package wire

import "tidings/app"

// RuleSpecs returns, for each rule a decoder can find broken, all sections it
// may cite.
func RuleSpecs() map[string][]string {
	specs := map[string][]string{}
	for ru := ruleNone + 1; ru < ruleCount; ru++ {
		switch ru {
		case ruleTooLarge, ruleListed, ruleAppendID, ruleAppendValue, ruleAppendLong: // Caps, bounds and Append
			continue
		}
		t := ruleTable[ru]
		for _, v := range []app.Version{app.V31, app.V311, app.V5} {
			specs[t.why] = append(specs[t.why], t.spec(v))
		}
	}
	return specs
}
