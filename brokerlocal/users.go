package brokerlocal

import (
	"fmt"

	"tidings/brokerlocal/engine/auth"
)

// iterations hashes passwords that are in this process's memory in clear
// anyway: what many rounds slow down is the theft of a file.
const iterations = 1000

// guard returns who may connect: the configured users and nobody else, or,
// without any, everyone.
func guard(cfg Config) (*auth.Guard, error) {
	if len(cfg.Users) == 0 {
		return auth.New(auth.Config{Anonymous: true}), nil
	}
	users := auth.NewUsers()
	for name, password := range cfg.Users {
		var err error
		if users, err = users.With(name, password, iterations); err != nil {
			return nil, fmt.Errorf("user %q: %w", name, err)
		}
	}
	return auth.New(auth.Config{Users: users}), nil
}
