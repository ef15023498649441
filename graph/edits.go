package graph

// EditSource is the source of claims that are made in the graph itself: merges and
// notes of erasures.
const EditSource = "source/edits"

// EditSourceClaim introduces EditSource. It is recorded with the first claim that
// needs it.
func EditSourceClaim() Claim {
	return Claim{
		ID: "claim/edits/source", Source: EditSource, Status: Confirmed,
		Facts: []Fact{
			{Subject: EditSource, Predicate: Type, Object: Ref("schema:CreativeWork")},
			{Subject: EditSource, Predicate: PreferredName, Object: TextIn("Edits made in this graph", "en")},
		},
	}
}

// editSource returns the claim that introduces EditSource if it is not there yet.
func (s *state) editSource() []Claim {
	if claim := EditSourceClaim(); !s.record(claim.ID).Exists {
		return []Claim{claim}
	}
	return nil
}
