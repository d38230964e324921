package store_test

import (
	"testing"

	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, func(*testing.T) storetest.Place { return place{store.NewMap()} })
}

// place is a map in memory that stands for a file.
type place struct{ m *store.Map }

func (p place) Open() (store.Store, error) { return store.New(p.m) }

func (p place) Copy() (storetest.Place, error) { return place{p.m.Clone()}, nil }
