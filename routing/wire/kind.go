package wire

// eitherKind tells what a header line of that name is in requests and responses alike: it frames the message, or is for
// one hop.
func eitherKind(name []byte) kind {
	switch len(name) {
	case 2:
		return kindIf(isFold(name, "te"), kindOdd)
	case 7:
		return kindIf(isFold(name, "trailer") || isFold(name, "upgrade"), kindOdd)
	case 10:
		switch {
		case isFold(name, "connection"):
			return kindConnection
		case isFold(name, "keep-alive"):
			return kindDropped
		}
	case 14:
		switch {
		case isFold(name, "content-length"):
			return kindLength
		case isFold(name, "http2-settings"):
			return kindOdd
		}
	}
	if hasFoldPrefix(name, "proxy-") {
		return kindIf(isFold(name, "proxy-connection") || isFold(name, "proxy-authenticate") ||
			isFold(name, "proxy-authorization") || isFold(name, "proxy-authentication-info"), kindDropped)
	}
	return kindPlain
}

func kindIf(yes bool, k kind) kind {
	if yes {
		return k
	}
	return kindPlain
}
