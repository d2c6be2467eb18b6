package live

import "context"

type byKey struct{}

// By lets a command know who gave it.
func By(ctx context.Context, who string) context.Context { return context.WithValue(ctx, byKey{}, who) }

// Operator is who gave a command, "" where nobody said.
func Operator(ctx context.Context) string {
	who, _ := ctx.Value(byKey{}).(string)
	return who
}
