package generate

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// write prints the document: directives, then types, each after a blank line.
func write(b *strings.Builder, doc *ast.SchemaDocument) {
	for _, d := range doc.Directives {
		b.WriteByte('\n')
		writeDescription(b, "", d.Description)
		fmt.Fprintf(b, "directive @%s", d.Name)
		writeArguments(b, "", d.Arguments)
		if d.IsRepeatable {
			b.WriteString(" repeatable")
		}
		b.WriteString(" on ")
		for i, at := range d.Locations {
			if i > 0 {
				b.WriteString(" | ")
			}
			b.WriteString(string(at))
		}
		b.WriteByte('\n')
	}
	for _, def := range doc.Definitions {
		b.WriteByte('\n')
		writeDefinition(b, def)
	}
}

var keywords = map[ast.DefinitionKind]string{
	ast.Scalar: "scalar", ast.Object: "type", ast.Interface: "interface",
	ast.Union: "union", ast.Enum: "enum", ast.InputObject: "input",
}

func writeDefinition(b *strings.Builder, def *ast.Definition) {
	writeDescription(b, "", def.Description)
	fmt.Fprintf(b, "%s %s", keywords[def.Kind], def.Name)
	if len(def.Interfaces) > 0 {
		b.WriteString(" implements " + strings.Join(def.Interfaces, " & "))
	}
	writeDirectives(b, def.Directives)
	if len(def.Types) > 0 {
		b.WriteString(" = " + strings.Join(def.Types, " | "))
	}
	if len(def.Fields)+len(def.EnumValues) == 0 {
		b.WriteByte('\n')
		return
	}
	b.WriteString(" {\n")
	for _, f := range def.Fields {
		writeDescription(b, "  ", f.Description)
		b.WriteString("  " + f.Name)
		writeArguments(b, "  ", f.Arguments)
		b.WriteString(": " + f.Type.String())
		if f.DefaultValue != nil {
			b.WriteString(" = " + f.DefaultValue.String())
		}
		writeDirectives(b, f.Directives)
		b.WriteByte('\n')
	}
	for _, v := range def.EnumValues {
		writeDescription(b, "  ", v.Description)
		b.WriteString("  " + v.Name)
		writeDirectives(b, v.Directives)
		b.WriteByte('\n')
	}
	b.WriteString("}\n")
}

func writeArguments(b *strings.Builder, indent string, args ast.ArgumentDefinitionList) {
	if len(args) == 0 {
		return
	}
	b.WriteString("(\n")
	for _, a := range args {
		writeDescription(b, indent+"  ", a.Description)
		fmt.Fprintf(b, "%s  %s: %s", indent, a.Name, a.Type)
		if a.DefaultValue != nil {
			b.WriteString(" = " + a.DefaultValue.String())
		}
		writeDirectives(b, a.Directives)
		b.WriteByte('\n')
	}
	b.WriteString(indent + ")")
}

func writeDirectives(b *strings.Builder, ds ast.DirectiveList) {
	for _, d := range ds {
		b.WriteString(" @" + d.Name)
		for i, a := range d.Arguments {
			b.WriteString([]string{"(", ", "}[min(i, 1)])
			fmt.Fprintf(b, "%s: %s", a.Name, a.Value)
		}
		if len(d.Arguments) > 0 {
			b.WriteByte(')')
		}
	}
}

// writeDescription prints one line as a string, and several as a block.
func writeDescription(b *strings.Builder, indent, text string) {
	if text == "" {
		return
	}
	if !strings.ContainsAny(text, "\n\"\\") {
		fmt.Fprintf(b, "%s\"%s\"\n", indent, text)
		return
	}
	fmt.Fprintf(b, "%s\"\"\"\n", indent)
	for line := range strings.SplitSeq(strings.ReplaceAll(text, `"""`, `\"""`), "\n") {
		if line != "" {
			b.WriteString(indent + line)
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(b, "%s\"\"\"\n", indent)
}
