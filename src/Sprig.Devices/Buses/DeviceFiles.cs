namespace Sprig.Devices.Buses;

/// <summary>Why a device of the kernel can't be opened, and the cure: what turns it on, which group may.</summary>
internal static class DeviceFiles
{
    /// <summary>Throws unless the device file is there and may be opened.</summary>
    /// <param name="path">In /dev.</param>
    /// <param name="group">Whose members may open it.</param>
    /// <param name="cure">How the bus is turned on.</param>
    /// <exception cref="FileNotFoundException">It is not there; the message lists its like.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    internal static void ThrowIfClosed(string path, string group, string cure)
    {
        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            string folder = Path.GetDirectoryName(path)!;
            string kind = Path.GetFileName(path).TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');
            IEnumerable<string> others = Directory.Exists(folder) ? Directory.GetFiles(folder, $"{kind}*") : [];
            throw new FileNotFoundException($"There is no {path}; {List(others)}. To turn it on: {cure}.", path, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException(Forbidden(path, group), e);
        }
    }

    internal static string Forbidden(string path, string group)
        => $"No permission to open {path}: run 'sudo usermod -aG {group} $USER' and log in again. "
            + $"Where it does not belong to the group '{group}', install the rules of hardware/udev first.";

    /// <summary>What there is instead.</summary>
    internal static string List(IEnumerable<string> present)
        => string.Join(", ", present.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? $"there are {list}" : "there is none of its kind";
}
