package rdf

import "strconv"

// blankLabels names blank nodes: written labels stay as they are, unlabelled
// nodes get generatedLabel and a number. A written label that looks like a
// generated one and comes after it gets underscores at its end.
//
// Only written labels of that look are remembered.
type blankLabels struct {
	next    int
	renamed map[string]string // labels of that look → their name
	taken   map[string]bool   // their names
}

const generatedLabel = "genid"

// generate gives a label that no node of the file has.
func (b *blankLabels) generate() string {
	for {
		label := generatedLabel + strconv.Itoa(b.next)
		b.next++
		if !b.taken[label] {
			return label
		}
	}
}

// written gives the name of the node that the file labels so.
func (b *blankLabels) written(label string) string {
	if !looksGenerated(label) {
		return label
	}
	if name, ok := b.renamed[label]; ok {
		return name
	}
	if b.renamed == nil {
		b.renamed, b.taken = map[string]string{}, map[string]bool{}
	}
	name := label
	for b.generated(name) || b.taken[name] {
		name += "_"
	}
	b.renamed[label], b.taken[name] = name, true
	return name
}

// generated reports whether generate may have given the label already.
func (b *blankLabels) generated(label string) bool {
	digits := label[len(generatedLabel):]
	n, err := strconv.Atoi(digits)
	return err == nil && n < b.next && digits == strconv.Itoa(n)
}

// looksGenerated accepts generatedLabel, digits and perhaps underscores.
func looksGenerated(label string) bool {
	if len(label) <= len(generatedLabel) || label[:len(generatedLabel)] != generatedLabel {
		return false
	}
	for _, c := range []byte(label[len(generatedLabel):]) {
		if (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}
