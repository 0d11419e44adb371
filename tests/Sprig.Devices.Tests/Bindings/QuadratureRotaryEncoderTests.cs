using System.Device.Gpio;
using Iot.Device.RotaryEncoder;
using Sprig.Devices.Tests.Bindings.Chips;
using Xunit;

namespace Sprig.Devices.Tests.Bindings;

public class QuadratureRotaryEncoderTests
{
    private const int A = 20, B = 21;

    [Fact]
    public void Detents_are_counted_up_and_down_on_the_loop() => Proof.Run(async proof =>
    {
        Encoder knob = new(proof.Board, A, B);
        // Debouncing looks at the real clock, not at the time of the edge: it is left to the kernel.
        using QuadratureRotaryEncoder encoder = new(A, B, PinEventTypes.Falling, 20, proof.Controller, shouldDispose: false) { Debounce = TimeSpan.Zero };
        List<(double Count, bool OnLoop)> heard = [];
        encoder.PulseCountChanged += (_, e) => heard.Add((e.Value, proof.IsOnLoop));
        await knob.TurnAsync(-3);
        Assert.Equal(3, encoder.PulseCount);
        await knob.TurnAsync(5);
        Assert.Equal(-2, encoder.PulseCount);
        Assert.Equal([1, 2, 3, 2, 1, 0, -1, -2], heard.Select(one => one.Count));
        Assert.All(heard, one => Assert.True(one.OnLoop));
        Assert.Equal(-0.1f, encoder.Rotations);
    });

    [Fact]
    public void With_both_edges_it_counts_twice_a_detent() => Proof.Run(async proof =>
    {
        Encoder knob = new(proof.Board, A, B);
        using QuadratureRotaryEncoder encoder = new(A, B, PinEventTypes.Falling | PinEventTypes.Rising, 20, proof.Controller, shouldDispose: false);
        encoder.Debounce = TimeSpan.Zero;
        await knob.TurnAsync(10);
        Assert.Equal(-20, encoder.PulseCount);
        await knob.TurnAsync(-10);
        Assert.Equal(0, encoder.PulseCount);
    });
}
