package policy

// Beside adds policies that All does not know to those that the contract is tested with.
func Beside(specs ...Spec) { beside = append(beside, specs...) }
