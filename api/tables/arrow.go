package tables

import (
	"io"
	"math"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/tidwall/gjson"

	"chancery/resolvers"
)

// arrowFormat gathers rows as Arrow's columns and hands on a batch at a time.
type arrowFormat struct {
	schema  *arrow.Schema
	columns []*arrowColumn
	rows    int64
	begin   func() error
	to      sink // nil: not begun
}

// sink is what takes batches: a stream, or a file of Parquet.
type sink interface {
	Write(arrow.RecordBatch) error
	Close() error
}

// arrowColumn builds one column. A column of enums has the numbers of its values in
// its dictionary, which is the same in all batches.
type arrowColumn struct {
	name    string
	build   array.Builder
	add     func(gjson.Result) error
	dict    arrow.Array    // nil: no enum
	dicType arrow.DataType // of the column with its dictionary
}

func newArrow(w io.Writer, f Format, columns []Column, about About) *arrowFormat {
	out := &arrowFormat{}
	mem := memory.NewGoAllocator()
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		column := newArrowColumn(mem, c)
		out.columns = append(out.columns, column)
		fields[i] = arrow.Field{Name: c.Name, Type: column.build.Type(), Nullable: true}
		if column.dict != nil {
			fields[i].Type = column.dicType
		}
	}
	metadata := arrow.NewMetadata([]string{"chancery.knownAt", "chancery.perspective"}, []string{about.KnownAt.Format(time.RFC3339Nano), string(about.Perspective)})
	out.schema = arrow.NewSchema(fields, &metadata)
	out.begin = func() error {
		if f == Arrow {
			out.to = ipc.NewWriter(w, ipc.WithSchema(out.schema))
			return nil
		}
		file, err := newParquet(w, out.schema)
		out.to = file
		return err
	}
	return out
}

func (f *arrowFormat) row(cells []gjson.Result) error {
	for i, cell := range cells {
		if err := f.columns[i].add(cell); err != nil {
			return err
		}
	}
	f.rows++
	return nil
}

func (f *arrowFormat) flush() error {
	if f.to == nil {
		if err := f.begin(); err != nil {
			return err
		}
	}
	arrays := make([]arrow.Array, len(f.columns))
	for i, c := range f.columns {
		arrays[i] = c.build.NewArray()
		if c.dict != nil {
			arrays[i] = array.NewDictionaryArray(c.dicType, arrays[i], c.dict)
		}
	}
	batch := array.NewRecordBatch(f.schema, arrays, f.rows)
	defer batch.Release()
	for _, a := range arrays {
		a.Release()
	}
	f.rows = 0
	return f.to.Write(batch)
}

func (f *arrowFormat) close() error {
	if f.to == nil {
		if err := f.begin(); err != nil {
			return err
		}
	}
	return f.to.Close()
}

func newArrowColumn(mem memory.Allocator, c Column) *arrowColumn {
	s := c.Shape
	out := &arrowColumn{name: c.Name}
	if s.Values != nil && s.Lists == 0 {
		build := array.NewInt16Builder(mem)
		number := map[string]int16{}
		values := array.NewStringBuilder(mem)
		for i, v := range s.Values {
			number[v] = int16(i)
			values.Append(v)
		}
		out.build, out.dict = build, values.NewArray()
		out.dicType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int16, ValueType: arrow.BinaryTypes.String}
		out.add = func(v gjson.Result) error {
			if v.Type == gjson.Null {
				build.AppendNull()
				return nil
			}
			n, known := number[v.Str]
			if !known {
				return unfit(c.Name, v, "value of its enum")
			}
			build.Append(n)
			return nil
		}
		return out
	}
	out.build = array.NewBuilder(mem, arrowType(s))
	out.add = adder(out.build, s, c.Name)
	return out
}

// arrowType is the type of a column; within lists, enums are texts.
func arrowType(s resolvers.Shape) arrow.DataType {
	if s.Lists > 0 {
		s.Lists--
		return arrow.ListOf(arrowType(s))
	}
	switch s.Type {
	case "":
		fields := make([]arrow.Field, len(s.Fields))
		for i, f := range s.Fields {
			fields[i] = arrow.Field{Name: f.Key, Type: arrowType(f), Nullable: true}
		}
		return arrow.StructOf(fields...)
	case "Int":
		return arrow.PrimitiveTypes.Int32
	case "Float":
		return arrow.PrimitiveTypes.Float64
	case "Boolean":
		return arrow.FixedWidthTypes.Boolean
	case "Date":
		return arrow.FixedWidthTypes.Date32
	case "DateTime":
		return arrow.FixedWidthTypes.Timestamp_us // UTC
	}
	return arrow.BinaryTypes.String
}

// adder adds values of a shape to a builder of its type.
func adder(build array.Builder, s resolvers.Shape, column string) func(gjson.Result) error {
	add := adderOf(build, s, column)
	return func(v gjson.Result) error {
		if v.Type == gjson.Null {
			build.AppendNull()
			return nil
		}
		return add(v)
	}
}

func adderOf(build array.Builder, s resolvers.Shape, column string) func(gjson.Result) error {
	switch build := build.(type) {
	case *array.ListBuilder:
		s.Lists--
		item := adder(build.ValueBuilder(), s, column)
		return func(v gjson.Result) (err error) {
			build.Append(true)
			v.ForEach(func(_, v gjson.Result) bool {
				err = item(v)
				return err == nil
			})
			return err
		}
	case *array.StructBuilder:
		return structAdder(build, s, column)
	case *array.Int32Builder:
		return func(v gjson.Result) error {
			if v.Num != math.Trunc(v.Num) || math.Abs(v.Num) > math.MaxInt32 {
				return unfit(column, v, "Int of 32 bits")
			}
			build.Append(int32(v.Num))
			return nil
		}
	case *array.Float64Builder:
		return func(v gjson.Result) error { build.Append(v.Num); return nil }
	case *array.BooleanBuilder:
		return func(v gjson.Result) error { build.Append(v.Type == gjson.True); return nil }
	case *array.Date32Builder:
		return func(v gjson.Result) error {
			day, ok := parseDay(v.Str)
			if !ok {
				return unfit(column, v, "day")
			}
			build.Append(arrow.Date32(day))
			return nil
		}
	case *array.TimestampBuilder:
		return func(v gjson.Result) error {
			at, err := time.Parse(time.RFC3339Nano, v.Str)
			if err != nil {
				return unfit(column, v, "moment")
			}
			build.Append(arrow.Timestamp(at.UnixMicro()))
			return nil
		}
	case *array.StringBuilder:
		return func(v gjson.Result) error { build.Append(v.String()); return nil }
	}
	panic("tables: no values go into " + build.Type().Name()) // unreachable: arrowType makes no other
}

// structAdder adds an object; keys that it lacks are null.
func structAdder(build *array.StructBuilder, s resolvers.Shape, column string) func(gjson.Result) error {
	p := place{}
	adders := make([]func(gjson.Result) error, len(s.Fields))
	for i, f := range s.Fields {
		adders[i] = adder(build.FieldBuilder(i), f, column+"."+f.Key)
		p.keys, p.to = append(p.keys, f.Key), append(p.to, target{column: i})
	}
	return func(v gjson.Result) error {
		build.Append(true)
		cells := make([]gjson.Result, len(adders))
		p.fill(v, cells)
		for i, cell := range cells {
			if err := adders[i](cell); err != nil {
				return err
			}
		}
		return nil
	}
}

// parquetFile gathers batches to groups of rows.
type parquetFile struct {
	*pqarrow.FileWriter
	rows int64 // in the group
}

// groupRows is how many rows a group has, give or take a batch: what is held until
// it is written.
const groupRows = 32_768

func newParquet(w io.Writer, schema *arrow.Schema) (*parquetFile, error) {
	file, err := pqarrow.NewFileWriter(schema, w,
		parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy), parquet.WithCreatedBy("Chancery")),
		pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		return nil, err
	}
	return &parquetFile{FileWriter: file}, nil
}

func (p *parquetFile) Write(batch arrow.RecordBatch) error {
	if p.rows += batch.NumRows(); p.rows > groupRows {
		p.rows = batch.NumRows()
		if err := p.NewBufferedRowGroupChecked(); err != nil {
			return err
		}
	}
	return p.WriteBuffered(batch)
}
