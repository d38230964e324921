package messages

import (
	"tidings/app"
	"tidings/app/store"
	"tidings/app/workspace"
)

// Workspace is what this screen needs of the open connection.
type Workspace interface {
	Messages() *store.Store
	Filters() []workspace.Filter
	ColorOf(topicName string) int
	Subscribe(app.Subscription) error
	Unsubscribe(filter string)
	MessageViewer() *workspace.Viewer
	Clear()
}

var _ Workspace = (*workspace.Workspace)(nil)
