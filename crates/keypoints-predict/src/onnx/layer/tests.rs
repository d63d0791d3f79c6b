use super::*;

#[test]
fn an_operation_is_named_by_its_innermost_kind() {
    for (kind, name) in [
        ("NumericFloat(F32, MeanDim(ReduceDimOpIr { input: TensorIr { id: 1 } }))", "MeanDim"),
        ("Activation(Softmax(SoftmaxOpIr { dim: 1 }))", "Softmax"),
        (
            "Lanczos3 interpolation has no ONNX Resize mode",
            "Lanczos3 interpolation has no ONNX Resize mode",
        ),
    ] {
        assert_eq!(operation_name(kind), name);
    }
}
