package bus

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Bucket keeps values by key, in the order in which they were written, in as many copies as there are replicas, up
// to three.
type Bucket struct {
	bus  *Bus
	name string
	kv   jetstream.KeyValue
}

// Value is what was written for a key.
type Value struct {
	Key      string
	Data     []byte
	Revision uint64 // greater with each value of the bucket
}

// Bucket opens a bucket and makes it if there is none. It fails while the replicas have no leader.
func (b *Bus) Bucket(ctx context.Context, what string) (*Bucket, error) {
	out := &Bucket{bus: b, name: b.cfg.Fleet + "-" + what}
	copies := mostCopies
	if n := b.Expected(); n > 0 {
		copies = min(n, copies)
	}
	var err error
	out.kv, err = b.js.KeyValue(ctx, out.name)
	if err == nil {
		err = out.grow(ctx, copies)
	}
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		err = out.create(ctx, copies)
	}
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", out.name, err)
	}
	return out, nil
}

func (b *Bucket) config(copies int) jetstream.KeyValueConfig {
	return jetstream.KeyValueConfig{Bucket: b.name, Description: "slbtui", History: 1, Replicas: copies, MaxValueSize: 1 << 20, Storage: jetstream.FileStorage}
}

// create makes the bucket. A NATS elsewhere may be one server only.
func (b *Bucket) create(ctx context.Context, copies int) (err error) {
	if b.kv, err = b.bus.js.CreateKeyValue(ctx, b.config(copies)); err != nil && b.bus.embedded == nil && copies > 1 && ctx.Err() == nil {
		b.kv, err = b.bus.js.CreateKeyValue(ctx, b.config(1))
	}
	if errors.Is(err, jetstream.ErrBucketExists) { // another replica was quicker
		b.kv, err = b.bus.js.KeyValue(ctx, b.name)
	}
	return err
}

// grow makes more copies of a bucket that was made when there were fewer replicas.
func (b *Bucket) grow(ctx context.Context, copies int) error {
	stream, err := b.bus.js.Stream(ctx, "KV_"+b.name)
	if err != nil || b.bus.embedded == nil || stream.CachedInfo().Config.Replicas >= copies {
		return err
	}
	cfg := stream.CachedInfo().Config
	cfg.Replicas = copies
	_, err = b.bus.js.UpdateStream(ctx, cfg)
	return err
}

// Put writes a value and returns its revision, once a majority has it. Written again with the same id it is
// written once: who does not know whether it was may try again.
func (b *Bucket) Put(ctx context.Context, key, id string, data []byte) (uint64, error) {
	m := &nats.Msg{Subject: "$KV." + b.name + "." + key, Data: data}
	ack, err := b.bus.js.PublishMsg(ctx, m, jetstream.WithMsgID(id), jetstream.WithRetryAttempts(0))
	if err != nil {
		return 0, err
	}
	return ack.Sequence, nil
}

// Last is the latest revision that a majority has. It fails while there is no leader.
func (b *Bucket) Last(ctx context.Context) (uint64, error) {
	stream, err := b.bus.js.Stream(ctx, "KV_"+b.name)
	if err != nil {
		return 0, err
	}
	return stream.CachedInfo().State.LastSeq, nil
}

// Watch calls back with all values there are, then with Value{} once, then with each new one, until ctx ends or
// nothing more can come.
func (b *Bucket) Watch(ctx context.Context, see func(Value)) error {
	w, err := b.kv.WatchAll(ctx, jetstream.IgnoreDeletes())
	if err != nil {
		return err
	}
	defer func() { _ = w.Stop() }() // it may have ended by itself
	for {
		select {
		case entry, more := <-w.Updates():
			switch {
			case !more:
				return errors.New("the watch has ended")
			case entry == nil:
				see(Value{})
			default:
				see(Value{Key: entry.Key(), Data: entry.Value(), Revision: entry.Revision()})
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Leader is the replica that orders what is written in a bucket, "" while there is none.
func (b *Bus) Leader(bucket string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	stream, err := b.js.Stream(ctx, "KV_"+bucket)
	if err != nil || stream.CachedInfo().Cluster == nil {
		return "", err
	}
	return stream.CachedInfo().Cluster.Leader, nil
}
