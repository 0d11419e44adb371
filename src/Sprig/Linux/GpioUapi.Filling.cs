using System.Buffers.Binary;
using System.Text;

namespace Sprig.Linux;

/// <content>What is asked of the kernel, in its bytes.</content>
internal static partial class GpioUapi
{
    private const int ConfigOffset = 288;

    /// <summary>Fills a request.</summary>
    /// <param name="request">Its 592 bytes.</param>
    /// <param name="lines">Their offsets in the chip, at most 64.</param>
    /// <param name="consumer">Who holds them, as others will see; cut to 31 bytes.</param>
    /// <param name="configs">One for each line.</param>
    /// <param name="values">The first levels of the outputs.</param>
    /// <param name="eventBuffer">How many edges the kernel keeps, of all lines together; 0: its default, 16 for each line.</param>
    /// <returns>As <see cref="FillConfig"/>.</returns>
    internal static int FillRequest(
        Span<byte> request, ReadOnlySpan<int> lines, string consumer, ReadOnlySpan<LineConfig> configs, ulong values, int eventBuffer)
    {
        request.Clear();
        for (int i = 0; i < lines.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(request[(i * sizeof(int))..], lines[i]);
        Encoding.UTF8.GetEncoder().Convert(consumer, request.Slice(256, NameSize - 1), flush: true, out _, out _, out _);
        BinaryPrimitives.WriteInt32LittleEndian(request[560..], lines.Length);
        BinaryPrimitives.WriteInt32LittleEndian(request[564..], eventBuffer);
        return FillConfig(request.Slice(ConfigOffset, ConfigSize), configs, values);
    }

    /// <summary>Fills a configuration: the flags that most lines have in common are the default, and each other set of flags, each
    /// debounce time and the outputs' levels are an attribute with the mask of its lines.</summary>
    /// <param name="config">Its 272 bytes.</param>
    /// <param name="configs">One for each line.</param>
    /// <param name="values">The levels of the outputs.</param>
    /// <returns>How many attributes it takes; of more than 10 it holds the first 10, and must not be used.</returns>
    internal static int FillConfig(Span<byte> config, ReadOnlySpan<LineConfig> configs, ulong values)
    {
        config.Clear();
        ulong common = MostCommonFlags(configs);
        BinaryPrimitives.WriteUInt64LittleEndian(config, common);
        int count = 0;
        ulong outputs = 0;
        for (int i = 0; i < configs.Length; i++)
        {
            if ((configs[i].Flags & Output) != 0)
                outputs |= 1UL << i;
            if (configs[i].Flags != common && MaskIfFirst(configs, i, static config => config.Flags) is not 0 and ulong alike)
                WriteAttribute(config, count++, FlagsAttribute, configs[i].Flags, alike);
            if (configs[i].DebounceMicroseconds != 0 && MaskIfFirst(configs, i, static config => config.DebounceMicroseconds) is not 0 and ulong equal)
                WriteAttribute(config, count++, DebounceAttribute, configs[i].DebounceMicroseconds, equal);
        }

        if (outputs != 0)
            WriteAttribute(config, count++, OutputValuesAttribute, values & outputs, outputs);
        BinaryPrimitives.WriteInt32LittleEndian(config[8..], Math.Min(count, MostAttributes));
        return count;
    }

    private static void WriteAttribute(Span<byte> config, int index, uint id, ulong value, ulong mask)
    {
        if (index >= MostAttributes)
            return;
        Span<byte> attribute = config.Slice(32 + index * 24, 24);
        BinaryPrimitives.WriteUInt32LittleEndian(attribute, id);
        BinaryPrimitives.WriteUInt64LittleEndian(attribute[8..], value);
        BinaryPrimitives.WriteUInt64LittleEndian(attribute[16..], mask);
    }

    private static ulong MostCommonFlags(ReadOnlySpan<LineConfig> configs)
    {
        ulong common = 0;
        int most = 0;
        for (int i = 0; i < configs.Length; i++)
        {
            int count = System.Numerics.BitOperations.PopCount(MaskIfFirst(configs, i, static config => config.Flags));
            if (count > most)
                (common, most) = (configs[i].Flags, count);
        }

        return common;
    }

    /// <summary>The lines that are like the one at <paramref name="index"/>; 0 where one before it is like it.</summary>
    private static ulong MaskIfFirst(ReadOnlySpan<LineConfig> configs, int index, Func<LineConfig, ulong> key)
    {
        ulong mask = 0;
        for (int i = 0; i < configs.Length; i++)
        {
            if (key(configs[i]) != key(configs[index]))
                continue;
            if (i < index)
                return 0;
            mask |= 1UL << i;
        }

        return mask;
    }

    /// <summary>How one line is set.</summary>
    /// <param name="Flags">Direction, edges, bias, drive, clock.</param>
    /// <param name="DebounceMicroseconds">0: none.</param>
    internal readonly record struct LineConfig(ulong Flags, uint DebounceMicroseconds = 0);
}
