package secrets

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/zalando/go-keyring"

	"tidings/app"
)

const (
	service = "Tidings"
	// A keyring that works answers a probe in milliseconds; 5 s leave room
	// for a service that the bus has to start first.
	probeTimeout = 5 * time.Second
	// Every other call may show the system's own prompt: a person needs time
	// to type a password.
	promptTimeout = 60 * time.Second
	// A call into the system cannot be cancelled: a prompt that nobody
	// answers hangs for ever. So many may hang before we ask no more.
	maxStuck = 3
	// probeID cannot collide: an ID of ours is prefixed by its namespace.
	probeID = "probe"
)

var (
	errStuck  = errors.New("earlier calls to the keyring have not been answered")
	errClosed = errors.New("the store is closed")
)

// provider is go-keyring as far as we use it. Its functions block, perhaps
// for ever. A missing secret is keyring.ErrNotFound.
type provider interface {
	Get(service, user string) (string, error)
	Set(service, user, password string) error
	Delete(service, user string) error
}

// system is the keyring of the operating system.
type system struct{}

func (system) Get(service, user string) (string, error) {
	text, err := keyring.Get(service, user)
	return text, why(err)
}

func (system) Set(service, user, password string) error {
	return why(keyring.Set(service, user, password))
}

func (system) Delete(service, user string) error { return why(keyring.Delete(service, user)) }

// why adds to an error of the system's keyring what can be found out about it.
func why(err error) error {
	if err != nil && !errors.Is(err, keyring.ErrNotFound) && lacksCollection() {
		return errors.Join(ErrNoCollection, err)
	}
	return err
}

// Keyring keeps secrets in the keyring of the system: Secret Service on
// Linux, Keychain on macOS, Credential Manager on Windows.
//
// One call at a time goes to the system, so that a person never meets two
// prompts at once and the last of two writes wins. A call that outlives its
// deadline is given up: it goes on in its goroutine, which Stuck counts, and
// its ID is refused until it ends.
type Keyring struct {
	namespace string
	provider  provider
	log       *slog.Logger

	turn  chan struct{} // holds one token: whose turn it is
	mu    sync.Mutex
	stuck map[string]int // calls given up, by account
	count int            // their sum
	calls sync.WaitGroup
	done  chan struct{} // closed by Close
	close sync.Once
}

// NewKeyring returns the store over the system's keyring. namespace keeps
// homes apart that share the keyring: entries are named "namespace/id".
// Call Close when done.
func NewKeyring(namespace string, log *slog.Logger) *Keyring {
	return newKeyring(namespace, system{}, log)
}

func newKeyring(namespace string, p provider, log *slog.Logger) *Keyring {
	k := &Keyring{
		namespace: namespace, provider: p, log: log,
		turn: make(chan struct{}, 1), stuck: map[string]int{}, done: make(chan struct{}),
	}
	k.turn <- struct{}{}
	return k
}

// Probe says whether the keyring works: nil, or an *app.Error that wraps
// ErrUnavailable. It writes nothing and takes 5 seconds at most.
func (k *Keyring) Probe(ctx context.Context) error {
	_, err := k.call(ctx, probeTimeout, probeID, func() (string, error) { return k.provider.Get(service, probeID) })
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// Get implements Store. It may show the system's prompt, and takes 60 seconds
// at most.
func (k *Keyring) Get(ctx context.Context, id string) (app.Secret, error) {
	if err := check(id, "", MaxKeyring); err != nil {
		return "", err
	}
	account := k.account(id)
	text, err := k.call(ctx, promptTimeout, account, func() (string, error) { return k.provider.Get(service, account) })
	return app.Secret(text), err
}

// Set implements Store. It may show the system's prompt, and takes 60 seconds
// at most.
func (k *Keyring) Set(ctx context.Context, id string, secret app.Secret) error {
	if err := check(id, secret, MaxKeyring); err != nil {
		return err
	}
	account := k.account(id)
	_, err := k.call(ctx, promptTimeout, account, func() (string, error) {
		return "", k.provider.Set(service, account, secret.Reveal())
	})
	return err
}

// Delete implements Store. It may show the system's prompt, and takes 60
// seconds at most.
func (k *Keyring) Delete(ctx context.Context, id string) error {
	if err := check(id, "", MaxKeyring); err != nil {
		return err
	}
	account := k.account(id)
	_, err := k.call(ctx, promptTimeout, account, func() (string, error) { return "", k.provider.Delete(service, account) })
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// Place implements Store.
func (k *Keyring) Place() app.SecretPlace { return app.PlaceKeyring }

// Max implements Store.
func (k *Keyring) Max() int { return MaxKeyring }

// Stuck returns the number of calls that were given up and still hang.
func (k *Keyring) Stuck() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.count
}

// Close refuses further calls and waits for those under way until ctx ends.
// Its error tells how many still hang: they end with the process.
func (k *Keyring) Close(ctx context.Context) error {
	k.close.Do(func() {
		k.mu.Lock()
		close(k.done)
		k.mu.Unlock()
	})
	ended := make(chan struct{})
	go func() { k.calls.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%d calls to the keyring still hang: %w", k.Stuck(), ctx.Err())
	}
}

func (k *Keyring) account(id string) string { return k.namespace + "/" + id }

// answer is what a call into the system came back with.
type answer struct {
	text string
	err  error
}

// call runs one blocking call in a goroutine of its own and waits for it until
// ctx or the timeout ends.
func (k *Keyring) call(ctx context.Context, timeout time.Duration, account string, run func() (string, error)) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := k.take(ctx, account); err != nil {
		return "", unavailable(err)
	}
	c := &pending{answer: make(chan answer, 1)}
	go func() {
		defer k.calls.Done()
		text, err := run()
		c.answer <- answer{text, err}
		k.ended(c, account, err)
	}()
	select {
	case a := <-c.answer:
		return k.translate(a)
	case <-ctx.Done():
	}
	if !k.giveUp(c, account) {
		return k.translate(<-c.answer) // it ended in the same moment
	}
	k.log.Warn("keyring does not answer", "stuck", k.Stuck())
	return "", unavailable(ctx.Err())
}

// pending is one call under way.
type pending struct {
	answer         chan answer // takes the one answer without waiting
	ended, givenUp bool        // under Keyring.mu
}

// take waits for the turn and counts the call in.
func (k *Keyring) take(ctx context.Context, account string) error {
	select {
	case <-k.done:
		return errClosed
	default:
	}
	select {
	case <-k.turn:
	case <-k.done:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	err := ctx.Err()
	select {
	case <-k.done:
		err = errClosed
	default:
	}
	if k.count >= maxStuck || k.stuck[account] > 0 {
		err = errStuck
	}
	if err != nil {
		k.turn <- struct{}{}
		return err
	}
	k.calls.Add(1)
	return nil
}

// ended gives the turn back, unless the call had been given up: then the turn
// is with others already, and the call is no longer stuck.
func (k *Keyring) ended(c *pending, account string, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	c.ended = true
	if !c.givenUp {
		k.turn <- struct{}{}
		return
	}
	k.count--
	if k.stuck[account]--; k.stuck[account] == 0 {
		delete(k.stuck, account)
	}
	k.log.Info("keyring answered after its caller had given up", "err", err)
}

// giveUp counts the call as stuck and lets others have their turn. It reports
// false when the call has ended in the meantime.
func (k *Keyring) giveUp(c *pending, account string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c.ended {
		return false
	}
	c.givenUp = true
	k.stuck[account]++
	k.count++
	k.turn <- struct{}{}
	return true
}

// translate turns an answer into what Store promises.
func (k *Keyring) translate(a answer) (string, error) {
	switch {
	case a.err == nil:
		return a.text, nil
	case errors.Is(a.err, keyring.ErrNotFound):
		return "", ErrNotFound
	case errors.Is(a.err, keyring.ErrSetDataTooBig):
		return "", tooLarge(MaxKeyring, a.err)
	}
	return "", unavailable(a.err)
}
