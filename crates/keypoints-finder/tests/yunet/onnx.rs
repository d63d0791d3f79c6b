//! ONNX files, written byte by byte.

/// Appends a number of seven bits a byte.
fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a field that says its length.
pub(crate) fn field(out: &mut Vec<u8>, number: u64, bytes: &[u8]) {
    varint(out, number << 3 | 2);
    varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// A tensor as a file has it.
#[derive(Clone)]
pub(crate) struct TensorPart {
    pub(crate) name: String,
    pub(crate) dims: Vec<usize>,
    /// 1 is `f32`.
    pub(crate) kind: u64,
    pub(crate) values: Vec<f32>,
    /// Whether the numbers are written as numbers instead of bytes.
    pub(crate) as_floats: bool,
}

impl TensorPart {
    pub(crate) fn new(name: &str, dims: &[usize], values: Vec<f32>) -> Self {
        Self { name: name.to_owned(), dims: dims.to_vec(), kind: 1, values, as_floats: false }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for &dim in &self.dims {
            // Not packed, as most files have it.
            varint(&mut out, 1 << 3);
            varint(&mut out, dim as u64);
        }
        varint(&mut out, 2 << 3);
        varint(&mut out, self.kind);
        field(&mut out, 8, self.name.as_bytes());
        let values: Vec<u8> = self.values.iter().flat_map(|value| value.to_le_bytes()).collect();
        field(&mut out, if self.as_floats { 4 } else { 9 }, &values);
        out
    }
}

/// A network as a file has it.
#[derive(Clone, Default)]
pub(crate) struct Network {
    pub(crate) tensors: Vec<TensorPart>,
    /// Input, weight, bias and output of each convolution.
    pub(crate) convs: Vec<[String; 4]>,
}

impl Network {
    /// YuNet's layers and names. All weights are 0 but the biases of the heads: `head` is told the level (0 to 2) and gives the 16 values of
    /// its cells.
    pub(crate) fn yunet(head: impl Fn(usize) -> [f32; 16]) -> Self {
        let mut net = Self::default();
        net.conv("input", "420", [16, 3, 3, 3], vec![0.0; 16]);
        net.unit("420.out", "backbone.model0.conv2", [16, 16], vec![0.0; 16]);
        for stage in 1..=5 {
            let [channels, first, second] = match stage {
                1 => [16, 16, 32],
                2 => [32, 32, 64],
                _ => [64; 3],
            };
            net.unit(
                "maps",
                &format!("backbone.model{stage}.conv1"),
                [channels, first],
                vec![0.0; first],
            );
            net.unit(
                "maps",
                &format!("backbone.model{stage}.conv2"),
                [first, second],
                vec![0.0; second],
            );
        }
        for level in 0..3 {
            net.unit("maps", &format!("neck.lateral_convs.{level}"), [64, 64], vec![0.0; 64]);
            let mut values = head(level).to_vec();
            for (part, channels) in [("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)] {
                let rest = values.split_off(channels);
                net.unit(
                    "maps",
                    &format!("bbox_head.multi_level_{part}.{level}"),
                    [64, channels],
                    values,
                );
                values = rest;
            }
        }
        net
    }

    /// A pointwise convolution, and a depthwise one with this bias.
    fn unit(&mut self, input: &str, name: &str, [from, to]: [usize; 2], bias: Vec<f32>) {
        let pointwise = format!("{name}.conv1.weight");
        self.conv(input, &pointwise, [to, from, 1, 1], vec![0.0; to]);
        self.conv(
            &format!("{pointwise}.out"),
            &format!("{name}.conv2.weight"),
            [to, 1, 3, 3],
            bias,
        );
    }

    fn conv(&mut self, input: &str, weight: &str, dims: [usize; 4], bias: Vec<f32>) {
        let name = format!("{weight}.bias");
        self.convs.push([input, weight, &name, &format!("{weight}.out")].map(str::to_owned));
        self.tensors.push(TensorPart::new(weight, &dims, vec![0.0; dims.iter().product()]));
        self.tensors.push(TensorPart::new(&name, &dims[..1], bias));
    }

    /// The tensor of this name.
    pub(crate) fn tensor(&mut self, name: &str) -> &mut TensorPart {
        self.tensors.iter_mut().find(|tensor| tensor.name == name).unwrap()
    }

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut graph = Vec::new();
        for [input, weight, bias, output] in &self.convs {
            let mut node = Vec::new();
            for one in [input, weight, bias] {
                field(&mut node, 1, one.as_bytes());
            }
            field(&mut node, 2, output.as_bytes());
            field(&mut node, 3, b"a name that is not read");
            field(&mut node, 4, b"Conv");
            field(&mut graph, 1, &node);
        }
        for tensor in &self.tensors {
            field(&mut graph, 5, &tensor.bytes());
        }
        // The version of the format comes first in a file.
        let mut out = vec![1 << 3, 6];
        field(&mut out, 7, &graph);
        out
    }
}
