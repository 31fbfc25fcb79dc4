package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"rollcall/pipeline"
	"rollcall/pipeline/store"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "print the versions of the program and of its engines",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			duck, err := store.Version(cmd.Context())
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "rollcall %s\nDuckDB %s\n%s %s/%s\n", pipeline.Version, duck, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}
