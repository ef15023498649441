package rdf

// Options say what to read or write. Format is required, or File to tell it by.
type Options struct {
	Format Format // 0: by the ending of File
	File   string // name for errors

	// Base is the absolute IRI that relative ones are resolved against until the
	// file names another. In Turtle and TriG it is written as @base and left off
	// the IRIs below it. N-Triples and N-Quads have no relative IRIs.
	Base string

	// Prefixes are names of namespaces, without the colon: known before a file
	// declares any, and used in writing. JSON-LD ignores them: it reads contexts and
	// is written without one, since no prefix can be kept apart from an IRI's scheme
	// of the same name.
	Prefixes map[string]string

	// Contexts are JSON-LD contexts by the IRI under which documents name them: JSON
	// objects with a member @context. A context that is not here is a fault,
	// because nothing is fetched.
	Contexts map[string][]byte

	// Context is a JSON-LD context, in the same form, that documents are read in
	// before their own: it makes JSON-LD of plain JSON. nil: none.
	Context []byte

	// MaxBytes limits what must be held in memory at once: a single literal or IRI,
	// and in JSON-LD an element of the outermost array. 0: 64 MiB.
	MaxBytes int

	// LeftOut is told of what a JSON-LD document says that is no RDF and is
	// therefore left out, as its specification wants: a property without an IRI, a
	// relative IRI without a base, a malformed language tag, a blank node as
	// property. nil: nobody is told.
	LeftOut func(reason string)

	// Whole makes JSON-LD be written at once by Close: each node is one object and
	// lists are arrays. Memory grows with what is written. Without it, JSON-LD is
	// written as it comes, and a subject that comes back is another object of the
	// same @id, which means the same.
	Whole bool

	// Ordered makes JSON-LD that is read back in the order in which it was written:
	// a node whose properties don't ascend is several objects of the same @id. Other
	// formats keep the order in any case, and Whole never does.
	Ordered bool

	// NativeTypes makes JSON-LD hold booleans, integers and doubles as JSON's own.
	// That loses how they were spelt: 1.50E0 comes back as 1.5E0.
	NativeTypes bool
}

const defaultMaxBytes = 64 << 20

func (o Options) maxBytes() int {
	if o.MaxBytes > 0 {
		return o.MaxBytes
	}
	return defaultMaxBytes
}

// withFormat fills in the format.
func (o Options) withFormat() (Options, error) {
	if o.Format != 0 {
		return o, nil
	}
	var err error
	o.Format, err = FormatOfFile(o.File)
	return o, err
}
