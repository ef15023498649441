//go:build !unix

package access

import "os"

func giveTo(*os.File, string) error { return nil }
