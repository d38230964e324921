// Package moving is the window's side of connections that move house: the
// import with its preview, the export, and a connection copied as something to
// paste elsewhere. Each is one dialog that shows what the desk is at; files
// are opened by the desk, never here.
package moving
