package check_test

import (
	"strings"
	"testing"

	"chancery/seed/check"
)

func TestID(t *testing.T) {
	for id, part := range map[string]string{
		"person/sergio-gor": "", "event/icews14/4113": "", "a/b_c~D.e": "", "a/.b": "", "a/b..c": "", "a/-": "", "a/b/...": "",
		"": "empty", "person": "no id", "person/": "no id", "/a": "no id", "claim/a": "of a claim", "Person/a": "small letters",
		"a//b": "each part", "a/b/": "each part", "a/.": "each part", "a/b/..": "each part", "a/./b": "each part",
		"a/b c": "the character ' '", "a/\u00e9": "the character 'é'", "a/@": "the character '@'", "a/[": "the character '['", "a/{": "the character '{'",
	} {
		if got := check.ID(id); (got == "") != (part == "") || !strings.Contains(got, part) {
			t.Errorf("ID(%q) is %q, want %q in it", id, got, part)
		}
	}
}
