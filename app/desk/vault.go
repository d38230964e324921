package desk

import (
	"context"
	"errors"
	"slices"

	"tidings/app"
)

// VaultTask is what a person is to do with the vault.
type VaultTask byte

// The tasks.
const (
	VaultCreate  VaultTask = iota + 1 // choose a passphrase for a new vault
	VaultUnlock                       // open the vault with its passphrase
	VaultChange                       // replace the passphrase
	VaultRetire                       // agree to start with a new one
	VaultReplace                      // choose the passphrase of that one, which replaces the old one then
)

// VaultPrompt asks the person for the passphrase of the vault.
type VaultPrompt struct {
	Number int // of the prompt; each has its own
	Task   VaultTask
	Why    app.Text   // what needs the vault; zero when a person opened the prompt
	Busy   bool       // a passphrase is being tried, which takes about a second
	Err    *app.Error // why the last passphrase did not do; nil
	Lost   []Lost     // for VaultRetire: what is in the vault and cannot be read
	Open   bool       // for VaultRetire: nothing is lost, for the vault is open
	Back   bool       // for VaultRetire and VaultReplace: to decline leads back to the prompt before
	Ahead  bool       // a person waits for it in a dialog, which it may come before

	before VaultTask // the task of that prompt
}

// vault is the prompt with what waits for it.
type vault struct {
	prompt *VaultPrompt // nil: none
	number int
	stop   context.CancelFunc // ends the try under way
	waits  []vaultWait
}

// vaultWait is something that goes on when the vault is open, or otherwise
// when the person declines.
type vaultWait struct {
	connect          string     // ID of the profile that is to connect, "" for anything else
	diagnosis        *diagnosis // the one that waits; nil
	why              app.Text
	opened, declined func()
}

// VaultPrompt returns what the person is asked about the vault, nil for
// nothing.
func (d *Desk) VaultPrompt() *VaultPrompt {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.vault.prompt == nil || d.vault.silent(d.quiet) {
		return nil
	}
	p := *d.vault.prompt
	p.Ahead = p.Why.IsZero() || slices.ContainsFunc(d.vault.waits, func(w vaultWait) bool { return w.diagnosis != nil })
	if i := d.vault.loud(d.quiet); i >= 0 && !p.Why.IsZero() {
		p.Why = d.vault.waits[i].why
	}
	return &p
}

// loud returns the place of the first that waits for the vault and may ask a
// person now, or -1: what began at launch waits until it is looked at.
func (v *vault) loud(quiet map[string]bool) int {
	return slices.IndexFunc(v.waits, func(w vaultWait) bool { return !quiet[w.connect] })
}

// silent reports whether the prompt is not to be seen yet.
func (v *vault) silent(quiet map[string]bool) bool {
	return len(v.waits) > 0 && v.loud(quiet) < 0 && !v.prompt.Why.IsZero() && !v.prompt.Busy
}

// AskVault opens a prompt because a person wants it. A prompt that is open
// stays.
func (d *Desk) AskVault(task VaultTask) {
	if task == VaultRetire {
		d.askRetire()
		return
	}
	d.mu.Lock()
	if !d.closed && (d.vault.prompt == nil || d.vault.silent(d.quiet)) {
		d.vault.open(task, app.Text{})
	}
	d.mu.Unlock()
	d.p.Touch()
}

func (v *vault) open(task VaultTask, why app.Text) *VaultPrompt {
	v.number++
	v.prompt = &VaultPrompt{Number: v.number, Task: task, Why: why}
	return v.prompt
}

// needVault asks for the vault because of why. It reports false, and nothing
// will be called, when no passphrase helps.
func (d *Desk) needVault(why app.Text, w vaultWait) bool {
	task := VaultUnlock
	switch d.p.Secrets.Status().Vault {
	case app.VaultNone:
		task = VaultCreate
	case app.VaultUnusable, app.VaultUnlocked:
		return false
	case app.VaultLocked:
	}
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return false
	}
	d.vault.drop(w.connect)
	if d.vault.prompt == nil || d.vault.silent(d.quiet) {
		d.vault.open(task, why)
	}
	w.why = why
	d.vault.waits = append(d.vault.waits, w)
	d.mu.Unlock()
	d.p.Touch()
	return true
}

// drop forgets that a profile waits to connect. A prompt that nobody needs any
// more goes, unless a passphrase is being tried.
func (v *vault) drop(profile string) {
	v.dropIf(func(w vaultWait) bool { return profile != "" && w.connect == profile })
}

// dropIf is drop for all that yes says it of.
func (v *vault) dropIf(yes func(vaultWait) bool) {
	n := len(v.waits)
	v.waits = slices.DeleteFunc(v.waits, yes)
	if n > 0 && len(v.waits) == 0 && v.prompt != nil && !v.prompt.Why.IsZero() && !v.prompt.Busy {
		v.prompt = nil
	}
}

// GivePassphrase tries a passphrase in a worker; old counts for VaultChange,
// and neither for VaultRetire, which it agrees to. A passphrase that does not
// do stands in the prompt's Err; the prompt goes when one did.
func (d *Desk) GivePassphrase(old, passphrase app.Secret) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.vault.prompt
	if p == nil || p.Busy {
		return
	}
	if p.Task == VaultRetire {
		d.vault.replace()
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	started := d.workers.Go(func(worker context.Context) {
		defer stop()
		defer context.AfterFunc(worker, stop)()
		before := d.p.Secrets.Status().Held
		err := d.try(ctx, p.Task, old, passphrase)
		d.mistrust(before)
		d.tried(p, err)
	})
	if started {
		p.Busy, p.Err, d.vault.stop = true, nil, stop
	}
}

// replace asks for the passphrase of the new vault. Until it is given, nothing
// happens to the old one.
func (v *vault) replace() {
	was := v.prompt
	p := v.open(VaultReplace, was.Why)
	p.Back, p.before = was.Back, was.before
}

func (d *Desk) try(ctx context.Context, task VaultTask, old, passphrase app.Secret) error {
	switch task {
	case VaultCreate:
		return d.p.Secrets.CreateVault(ctx, passphrase)
	case VaultChange:
		return d.p.Secrets.ChangePassphrase(ctx, old, passphrase)
	case VaultReplace:
		return d.p.Secrets.ReplaceVault(ctx, passphrase)
	case VaultUnlock, VaultRetire:
	}
	return d.p.Secrets.UnlockVault(ctx, passphrase)
}

// tried takes over how a try at prompt p ended.
func (d *Desk) tried(p *VaultPrompt, err error) {
	var waits []vaultWait
	gone := d.p.Secrets.Status().Vault == app.VaultNone // set aside because it is damaged
	d.mu.Lock()
	p.Busy = false
	shown := d.vault.prompt == p
	switch {
	case errors.Is(err, context.Canceled):
	case shown && gone && p.Task != VaultCreate:
		next := d.vault.open(VaultCreate, p.Why)
		d.vault.anew()
		if err != nil {
			next.Err = asError(err)
		}
	case err != nil:
		p.Err = asError(err)
	case shown:
		d.vault.prompt = nil
		waits, d.vault.waits = d.vault.waits, nil
	}
	d.mu.Unlock()
	if err == nil {
		d.trust()
		d.withdraw()
		d.adopt()
	}
	for _, w := range waits {
		w.opened()
	}
	d.p.Touch()
}

// anew takes back that something is in the vault, which is not there any more.
func (v *vault) anew() {
	for i := range v.waits {
		if v.waits[i].connect != "" || v.waits[i].diagnosis != nil {
			v.waits[i].why = app.Say("secrets.vault.why_anew")
		}
	}
}

// StopPassphrase gives the try under way up; the prompt stays.
func (d *Desk) StopPassphrase() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.vault.stop != nil {
		d.vault.stop()
	}
}

// DeclineVault closes the prompt: what waits for the vault goes on without it.
// Who does not want to give the vault up is asked for the passphrase again.
func (d *Desk) DeclineVault() {
	d.StopPassphrase()
	d.mu.Lock()
	if p := d.vault.prompt; p != nil && p.Back {
		d.vault.open(p.before, p.Why)
		d.mu.Unlock()
		d.p.Touch()
		return
	}
	d.vault.prompt = nil
	waits := d.vault.waits
	d.vault.waits = nil
	d.mu.Unlock()
	for _, w := range waits {
		w.declined()
	}
	d.p.Touch()
}

// LockVault forgets the key of the vault at once; connections stay.
func (d *Desk) LockVault() {
	d.p.Secrets.LockVault()
	d.p.Touch()
}

// Strength rates a passphrase from 0 (nothing) to 4 (strong) and says it in
// words. It returns at once.
func (d *Desk) Strength(passphrase app.Secret) (level int, hint app.Text) {
	return d.p.Secrets.Strength(passphrase)
}

// trust ends the asking for passwords that are kept by now.
func (d *Desk) trust() {
	for _, held := range d.p.Secrets.Status().Held {
		if held.Ref.Kind != app.SecretPassword || held.Place == app.PlaceSession {
			continue
		}
		d.update(held.Ref.Profile, func(p *app.Profile) bool {
			changed := p.AskPassword
			p.AskPassword = false
			return changed
		})
	}
}
