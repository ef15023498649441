package export

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"chancery/graph"
	"chancery/schema"
)

// tables writes a zip with a table for each class that has entities, Visit.csv, in the
// order of the ontology, their rows by id; and claims.csv.
func (s *selection) tables(ctx context.Context, w io.Writer, times []int64) error {
	out := zip.NewWriter(w)
	for _, class := range s.ontology.Classes {
		if class.Enum == "" {
			continue
		}
		if err := s.table(ctx, out, class); err != nil {
			return err
		}
	}
	if err := s.claimsTable(ctx, out, times); err != nil {
		return err
	}
	return out.Close()
}

// table writes the entities of a class.
func (s *selection) table(ctx context.Context, out *zip.Writer, class *schema.Class) error {
	fields := columns(class)
	var rows *csv.Writer
	each := func(yield func(graph.ID) error) error {
		return s.ofType(ctx, class, func(id graph.ID) error {
			if !s.isFull(id) {
				return nil
			}
			return yield(id)
		})
	}
	err := s.sorted(ctx, each, func(n named) error {
		e, err := s.entity(ctx, n)
		if err != nil || e == nil || e.class != class || !e.spoken {
			return err
		}
		if rows == nil {
			file, err := out.Create(class.Name + ".csv")
			if err != nil {
				return err
			}
			rows = csv.NewWriter(file)
			if err := rows.Write(heading(fields)); err != nil {
				return err
			}
		}
		row, err := s.row(ctx, e, fields)
		if err != nil {
			return err
		}
		return rows.Write(row)
	})
	if err != nil || rows == nil {
		return err
	}
	rows.Flush()
	return rows.Error()
}

// columns are the fields of a class that are stored with its entities.
func columns(class *schema.Class) []*schema.Field {
	return slices.DeleteFunc(slices.Clone(class.Fields), func(f *schema.Field) bool {
		return f.Kind == schema.Derived || f.Inverse
	})
}

// The columns that every table has, before and after those of the class.
var (
	firstColumns = []string{"id", "name", "description"}
	lastColumns  = []string{"names", "identifiers", "otherFacts", "mergedFrom", "claims"}
)

func heading(fields []*schema.Field) []string {
	all := slices.Clone(firstColumns)
	for _, f := range fields {
		all = append(all, f.Name)
	}
	return append(all, lastColumns...)
}

func (s *selection) row(ctx context.Context, e *entity, fields []*schema.Field) ([]string, error) {
	row := []string{e.name, s.label(ctx, e), s.description(ctx, e)}
	for _, f := range fields {
		if f.Kind == schema.Identifier {
			row = append(row, s.identifier(ctx, e, f.Scheme))
			continue
		}
		values, err := s.of(ctx, e, f)
		if err != nil {
			return nil, err
		}
		row = append(row, cell(f, values))
	}
	return append(row, texts(s.names(e)), texts(identifiers(e)), texts(s.others(e)), texts(s.mergedFrom(e)), texts(s.claimNames(e.claims))), nil
}

// cell is a value, or a list of them as JSON.
func cell(f *schema.Field, values []said) string {
	if f.Shape == schema.Single {
		if len(values) == 0 {
			return ""
		}
		return values[0].term.Text
	}
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = jsonValue(f, v.term.Text)
	}
	return texts(list)
}

// jsonValue is a literal as JSON has it.
func jsonValue(f *schema.Field, text string) any {
	switch f.Value {
	case schema.Float, schema.Int, schema.Boolean:
		if f.Kind == schema.Property && json.Valid([]byte(text)) {
			return json.RawMessage(text)
		}
	}
	return text
}

// texts is a value as JSON, on one line.
func texts(v any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic("export: what is no JSON: " + err.Error())
	}
	return strings.TrimSuffix(b.String(), "\n")
}

type nameCell struct {
	Text     string `json:"text"`
	Language string `json:"language,omitempty"`
	Kind     string `json:"kind"`
}

func (s *selection) names(e *entity) []nameCell {
	names := []nameCell{}
	for _, k := range nameKinds {
		for _, v := range e.values[k.predicate] {
			names = append(names, nameCell{v.term.Text, v.term.Language, k.kind})
		}
	}
	return names
}

// identifiers are all, as SCHEME:VALUE.
func identifiers(e *entity) []string {
	all := []string{}
	for _, v := range e.values[graph.Notation] {
		all = append(all, strings.TrimPrefix(v.term.Datatype, graph.Scheme)+":"+v.term.Text)
	}
	slices.Sort(all)
	return all
}

// others are the facts that no column tells, by their predicates.
func (s *selection) others(e *entity) map[string][]string {
	all := map[string][]string{}
	for _, predicate := range slices.Sorted(maps.Keys(e.values)) {
		if e.isTold(predicate) {
			continue
		}
		for _, v := range e.values[predicate] {
			all[schema.Expand(predicate)] = append(all[schema.Expand(predicate)], v.term.Text)
		}
	}
	return all
}

func (s *selection) mergedFrom(e *entity) []string {
	all := []string{}
	for _, id := range s.view.MergedFrom(e.id) {
		all = append(all, s.view.Name(id))
	}
	slices.Sort(all)
	return all
}

func (s *selection) claimNames(claims []graph.ID) []string {
	all := make([]string, len(claims))
	for i, id := range claims {
		all[i] = s.view.Name(id)
	}
	slices.Sort(all)
	return all
}

// claimColumns are those of claims.csv.
var claimColumns = []string{"id", "source", "status", "locator", "attributedTo", "confidence", "validTime", "recordedAt", "recordedBy", "supersedes"}

// claimsTable writes the claims that say what is told, in the order in which the graph
// learned of them.
func (s *selection) claimsTable(ctx context.Context, out *zip.Writer, times []int64) error {
	file, err := out.Create("claims.csv")
	if err != nil {
		return err
	}
	rows := csv.NewWriter(file)
	if err := rows.Write(claimColumns); err != nil {
		return err
	}
	err = s.each(ctx, times, func(claim graph.ID) error {
		row, err := s.claimRow(ctx, claim)
		if err != nil {
			return err
		}
		return rows.Write(row)
	})
	if err != nil {
		return err
	}
	rows.Flush()
	return rows.Error()
}

func (s *selection) claimRow(ctx context.Context, claim graph.ID) ([]string, error) {
	own := map[string]string{}
	quoted := []string{}
	err := s.view.Quads(ctx, graph.Pattern{Subject: claim, Label: claim}, func(q graph.Quad) bool {
		predicate, object := s.view.Name(q.Predicate), s.view.Name(q.Object)
		if own[predicate] = object; predicate == graph.AttributedTo {
			quoted = append(quoted, object)
		}
		return true
	})
	slices.Sort(quoted)
	return []string{
		s.view.Name(claim), own[graph.Source], own[graph.StatusOf], own[graph.Locator], texts(quoted), number(own[graph.Confidence]),
		own[graph.ValidTime], own[graph.RecordedAt], own[graph.RecordedBy], own[graph.Supersedes],
	}, err
}

// number writes a number without an exponent, for programs that know none.
func number(text string) string {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
