using Sprig.Linux;

namespace Sprig.IO;

/// <summary>Settings as the kernel's flags, and back.</summary>
internal static class KernelSettings
{
    private const ulong BothEdges = GpioUapi.RisingEdge | GpioUapi.FallingEdge;

    internal static GpioUapi.LineConfig[] ToConfigs(IReadOnlyList<GpioLineSettings> settings)
    {
        GpioUapi.LineConfig[] configs = new GpioUapi.LineConfig[settings.Count];
        for (int i = 0; i < configs.Length; i++)
            configs[i] = new GpioUapi.LineConfig(ToFlags(settings[i]), (uint)Math.Ceiling(settings[i].Debounce.TotalMicroseconds));
        return configs;
    }

    internal static GpioLineInfo ToInfo(in GpioUapi.LineInfo info)
    {
        ulong flags = info.Flags;
        return new GpioLineInfo(info.Line, info.Name, info.Consumer, (flags & GpioUapi.Used) != 0, (flags & GpioUapi.Output) != 0)
        {
            ActiveLow = (flags & GpioUapi.ActiveLow) != 0,
            Bias = (flags & GpioUapi.BiasPullUp) != 0 ? GpioBias.PullUp
                : (flags & GpioUapi.BiasPullDown) != 0 ? GpioBias.PullDown
                : (flags & GpioUapi.BiasDisabled) != 0 ? GpioBias.None
                : GpioBias.AsIs,
            Drive = (flags & GpioUapi.OpenDrain) != 0 ? GpioDrive.OpenDrain
                : (flags & GpioUapi.OpenSource) != 0 ? GpioDrive.OpenSource
                : GpioDrive.PushPull,
            Edges = ((flags & GpioUapi.RisingEdge) != 0 ? GpioEdges.Rising : 0) | ((flags & GpioUapi.FallingEdge) != 0 ? GpioEdges.Falling : 0),
            Debounce = TimeSpan.FromMicroseconds(info.DebounceMicroseconds),
            Clock = (flags & GpioUapi.ClockRealtime) != 0 ? GpioClock.Realtime
                : (flags & GpioUapi.ClockHardware) != 0 ? GpioClock.Hardware
                : GpioClock.Monotonic,
        };
    }

    // Both edges or none: another kind would need the interrupt asked for anew, and be blind meanwhile.
    private static ulong ToFlags(GpioLineSettings settings) => DirectionOf(settings.Direction) | BiasOf(settings.Bias) | DriveOf(settings.Drive)
        | ClockOf(settings.Clock) | (settings.ActiveLow ? GpioUapi.ActiveLow : 0) | (settings.Edges != GpioEdges.None ? BothEdges : 0);

    private static ulong DirectionOf(GpioDirection direction) => direction switch
    {
        GpioDirection.Input => GpioUapi.Input,
        GpioDirection.Output => GpioUapi.Output,
        _ => 0,
    };

    private static ulong BiasOf(GpioBias bias) => bias switch
    {
        GpioBias.None => GpioUapi.BiasDisabled,
        GpioBias.PullUp => GpioUapi.BiasPullUp,
        GpioBias.PullDown => GpioUapi.BiasPullDown,
        _ => 0,
    };

    private static ulong DriveOf(GpioDrive drive) => drive switch
    {
        GpioDrive.OpenDrain => GpioUapi.OpenDrain,
        GpioDrive.OpenSource => GpioUapi.OpenSource,
        _ => 0,
    };

    private static ulong ClockOf(GpioClock clock) => clock switch
    {
        GpioClock.Realtime => GpioUapi.ClockRealtime,
        GpioClock.Hardware => GpioUapi.ClockHardware,
        _ => 0,
    };
}
