//go:build tools

// Package cluster pins the modules whose custom resource definitions are read from source; nothing here is compiled.
package cluster

import (
	_ "github.com/aws/karpenter-provider-aws/pkg/apis"
	_ "sigs.k8s.io/karpenter/kwok/apis"
	_ "sigs.k8s.io/karpenter/pkg/apis"
)
