package bolt

import "tidings/brokerlocal/engine/store"

// OpenKV opens the file alone.
func OpenKV(path string) (store.KV, error) { return openFile(path) }
