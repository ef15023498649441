package graph

// The predicates that claims, names and identifiers are stored under. The schema
// declares fields over them; this package only needs their names.
const (
	Type = "rdf:type"

	// Names, a predicate for each kind of name.
	PreferredName = "skos:prefLabel"
	AliasName     = "skos:altLabel"
	NativeName    = "kg:nativeName"
	Abbreviation  = "kg:abbreviation"
	FormerName    = "kg:formerName"

	Description = "schema:description"
	// Notation holds identifiers; the literal's datatype names the scheme.
	Notation = "skos:notation"

	// A claim's own fields. Their label is the claim itself.
	Source           = "prov:hadPrimarySource"
	Locator          = "kg:locator"
	AttributedTo     = "prov:wasAttributedTo"
	StatusOf         = "kg:status"
	Confidence       = "kg:confidence"
	ValidTime        = "kg:validTime"
	RecordedAt       = "prov:generatedAtTime"
	RecordedBy       = "kg:recordedBy"
	RetractedAt      = "prov:invalidatedAtTime"
	RetractionReason = "kg:retractionReason"
	Supersedes       = "prov:wasRevisionOf"
	// The idempotency key and the digest of the request that recorded the claim, or
	// retracted it.
	RecordKey     = "kg:recordKey"
	RecordDigest  = "kg:recordDigest"
	RetractKey    = "kg:retractKey"
	RetractDigest = "kg:retractDigest"

	// A source's own fields that perspectives look at.
	Publisher = "schema:publisher"
	Published = "schema:datePublished"
	PartOf    = "schema:isPartOf"
)
