package query

import (
	"encoding/json"
	"slices"
	"strconv"
	"sync"

	"chancery/graph"
)

// citation is the claims behind one value of the answer.
type citation struct {
	path   []step
	claims []graph.Link // their labels
}

// citations collects those of all root fields.
type citations struct {
	mu  sync.Mutex
	all []citation
}

func (c *citations) add(more []citation) {
	if len(more) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, more...)
}

// citedClaim is what extensions.claims says of a claim.
type citedClaim struct {
	Source    *string `json:"source"`
	Publisher *string `json:"publisher"`
	URL       *string `json:"url"`
	Locator   *string `json:"locator"`
	Status    string  `json:"status"`
}

// appendCitations appends [{path, claims}] and returns the claims that it names.
func (op *Operation) appendCitations(dst []byte) ([]byte, []graph.ID) {
	var named []graph.ID
	dst = append(dst, '[')
	for i, c := range op.citations.all {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"path":[`...)
		for k, s := range c.path {
			if k > 0 {
				dst = append(dst, ',')
			}
			if s.key == "" {
				dst = strconv.AppendInt(dst, int64(s.index), 10)
			} else {
				dst = appendString(dst, s.key)
			}
		}
		dst = append(dst, `],"claims":[`...)
		claims := make([]graph.ID, len(c.claims))
		for k, l := range c.claims {
			claims[k] = l.Label
		}
		slices.Sort(claims)
		claims = slices.Compact(claims)
		for k, id := range claims {
			if k > 0 {
				dst = append(dst, ',')
			}
			dst = appendString(dst, op.view.Name(id))
		}
		dst = append(dst, "]}"...)
		named = append(named, claims...)
	}
	slices.Sort(named)
	return append(dst, ']'), slices.Compact(named)
}

// citedClaims describes the claims for extensions.claims.
func (r *run) citedClaims(claims []graph.ID) ([]byte, error) {
	described, err := r.describe(claims)
	if err != nil {
		return nil, err
	}
	out := make(map[string]citedClaim, len(claims))
	for i, id := range claims {
		out[r.view.Name(id)] = described[i]
	}
	return json.Marshal(out)
}

// describe says of each claim what citations say.
func (r *run) describe(claims []graph.ID) ([]citedClaim, error) {
	class := r.ontology.Class("Claim")
	source := class.Field("source").Range
	sources, err := r.relate(claims, class.Field("source"))
	if err != nil {
		return nil, err
	}
	locators, err := r.values(claims, class.Field("locator"))
	if err != nil {
		return nil, err
	}
	of := make([]graph.ID, len(claims)) // each claim's source; 0: none
	for i := range claims {
		if found := sources.of(i); len(found) > 0 {
			of[i] = found[0].to
		}
	}
	publishers, err := r.relate(of, source.Field("publisher"))
	if err != nil {
		return nil, err
	}
	urls, err := r.values(of, source.Field("url"))
	if err != nil {
		return nil, err
	}
	text := func(v value) *string {
		if v.id == 0 {
			return nil
		}
		return &v.term.Text
	}
	out := make([]citedClaim, len(claims))
	for i, id := range claims {
		c := citedClaim{Locator: text(locators.first(i)), URL: text(urls.first(i)), Status: r.view.Record(id).Status.String()}
		if of[i] != 0 {
			name := r.view.Name(of[i])
			c.Source = &name
		}
		if found := publishers.of(i); len(found) > 0 {
			name := r.view.Name(found[0].to)
			c.Publisher = &name
		}
		out[i] = c
	}
	return out, nil
}
