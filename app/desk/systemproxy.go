package desk

import (
	"context"
	"sync"

	"tidings/app"
	"tidings/app/session"
	"tidings/app/session/link"
)

// SystemProxy starts to find out, in a worker, which proxy the system wants
// for the broker of p. It returns at once; Touch says when the answer is
// there: found, which is nil for none, or why it cannot be known. The answer
// is safe for concurrent use.
func (d *Desk) SystemProxy(p app.Profile) (answer func() (found *app.Proxy, err *app.Error, done bool)) {
	var (
		mu    sync.Mutex
		proxy *app.Proxy
		wrong *app.Error
		known bool
	)
	o := p.Options(nil)
	o.Link.Proxy = app.Proxy{Kind: app.ProxySystem}
	d.workers.Go(func(ctx context.Context) {
		found, _, err := link.Proxy(ctx, o)
		mu.Lock()
		if known, proxy = true, found; err != nil {
			wrong = session.Explain(err, o)
		}
		mu.Unlock()
		d.p.Touch()
	})
	return func() (*app.Proxy, *app.Error, bool) {
		mu.Lock()
		defer mu.Unlock()
		return proxy, wrong, known
	}
}
