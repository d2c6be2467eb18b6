package strictyaml

// didYouMean names the known key that a mistyped one is likely to stand for, if there is one.
func didYouMean(typed string, known []string) string {
	best, distance := "", 3 // two slips are a typing mistake, three another word
	for _, key := range known {
		if d := editDistance(typed, key); d < distance && d < len(key) {
			best, distance = key, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// editDistance is Levenshtein's: the insertions, deletions and substitutions that turn a into b.
// Lengths too far apart for a guess cost nothing.
func editDistance(a, b string) int {
	if len(a) > len(b)+2 || len(b) > len(a)+2 {
		return max(len(a), len(b))
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
